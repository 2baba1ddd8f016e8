//! The kinds of evidence a playbook can name, one file each.
