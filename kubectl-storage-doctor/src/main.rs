//! kubectl plugin: why is this Kubernetes volume stuck?
fn main() {}
