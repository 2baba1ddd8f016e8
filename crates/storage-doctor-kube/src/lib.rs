//! A live Kubernetes cluster as a source of evidence.
