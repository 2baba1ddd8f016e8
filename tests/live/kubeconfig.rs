//! kubectl's rules for kubeconfig files.

use super::*;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use storage_doctor_kube::ConnectError;
use tempfile::TempDir;

/// A folder with kubeconfigs, and a server for them.
struct Scene {
    folder: TempDir,
    api: FakeApi,
}

impl Scene {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), api: FakeApi::start(small()).unwrap() }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text.replace("SERVER", &self.api.url())).unwrap();
        path
    }

    fn home(&self) -> Environment {
        Environment { home: Some(self.folder.path().to_owned()), ..Environment::default() }
    }

    fn bearer(&self) -> Option<String> {
        let headers = self.api.seen().pop().unwrap().headers;
        headers.into_iter().find(|(name, _)| name == "authorization").map(|(_, value)| value)
    }
}

fn listed(paths: &[&Path]) -> Environment {
    let joined: OsString = std::env::join_paths(paths).unwrap();
    Environment { kubeconfig_env: Some(joined), ..Environment::default() }
}

async fn failing(options: &ConnectOptions, environment: &Environment) -> ConnectError {
    Cluster::connect(options, environment).await.unwrap_err()
}

fn context(name: &str) -> ConnectOptions {
    ConnectOptions { context: Some(name.to_owned()), ..ConnectOptions::default() }
}

const PROD: &str = "
current-context: prod
clusters: [{name: main, cluster: {server: SERVER}}]
users: [{name: jane, user: {token: of-jane}}, {name: joe, user: {token: of-joe}}]
contexts:
- {name: prod, context: {cluster: main, user: jane, namespace: shop}}
- {name: staging, context: {cluster: main, user: joe}}
- {name: lost, context: {cluster: nowhere, user: joe}}
- {name: nobody, context: {cluster: main, user: nobody}}
";

#[tokio::test]
async fn the_file_in_the_home_directory_is_the_default() {
    let scene = Scene::new();
    scene.file(".kube/config", PROD);
    let cluster = Cluster::connect(&ConnectOptions::default(), &scene.home()).await.unwrap();
    assert_eq!((cluster.context(), cluster.namespace()), (Some("prod"), "shop"));
    assert_eq!(cluster.server(), scene.api.url());
    assert_eq!(scene.bearer().as_deref(), Some("Bearer of-jane"));
}

#[tokio::test]
async fn flags_choose() {
    let scene = Scene::new();
    scene.file(".kube/config", PROD);
    let cluster = Cluster::connect(&context("staging"), &scene.home()).await.unwrap();
    assert_eq!((cluster.context(), cluster.namespace()), (Some("staging"), "default"));
    assert_eq!(scene.bearer().as_deref(), Some("Bearer of-joe"));
    let options = ConnectOptions {
        user: Some("joe".into()),
        cluster: Some("main".into()),
        namespace: Some("mine".into()),
        ..context("lost")
    };
    let cluster = Cluster::connect(&options, &scene.home()).await.unwrap();
    assert_eq!(cluster.namespace(), "mine");
    assert_eq!(scene.bearer().as_deref(), Some("Bearer of-joe"));
    let options = ConnectOptions { token: Some("flag".into()), ..ConnectOptions::default() };
    Cluster::connect(&options, &scene.home()).await.unwrap();
    assert_eq!(scene.bearer().as_deref(), Some("Bearer flag"));
}

#[tokio::test]
async fn a_list_of_files_is_merged_and_the_first_wins() {
    let scene = Scene::new();
    let first = scene.file("first", "current-context: \"\"\nusers: [{name: jane, user: {token: first}}]\n");
    let second = scene.file("second", PROD);
    let third = scene.file("third", "current-context: staging\nusers: [{name: jane, user: {token: third}}]\n");
    let missing = scene.folder.path().join("missing");
    let environment = listed(&[&missing, &first, &second, &third]);
    let cluster = Cluster::connect(&ConnectOptions::default(), &environment).await.unwrap();
    assert_eq!(cluster.context(), Some("prod"), "an empty choice is none, the second's comes first");
    assert_eq!(scene.bearer().as_deref(), Some("Bearer first"));
    // The flag means this file alone.
    let options = ConnectOptions { kubeconfig: Some(third), ..ConnectOptions::default() };
    assert!(failing(&options, &environment).await.is_unknown_name());
}

#[tokio::test]
async fn no_file_at_all_is_said_with_the_places() {
    let scene = Scene::new();
    let missing = scene.folder.path().join("missing");
    for environment in [listed(&[&missing]), scene.home(), Environment::default()] {
        let error = failing(&ConnectOptions::default(), &environment).await;
        assert!(error.is_no_config(), "{error}");
    }
    let error = failing(&ConnectOptions::default(), &listed(&[&missing])).await.to_string();
    assert!(error.contains(&missing.display().to_string()), "{error}");
    let options = ConnectOptions { kubeconfig: Some(missing), ..ConnectOptions::default() };
    let error = failing(&options, &scene.home()).await;
    assert!(error.is_bad_config(), "a file that was named must exist: {error}");
}

#[tokio::test]
async fn names_that_do_not_exist_are_said_with_those_that_do() {
    let scene = Scene::new();
    scene.file(".kube/config", PROD);
    let home = scene.home();
    let wrong = |options: ConnectOptions| {
        let home = home.clone();
        async move { failing(&options, &home).await }
    };
    let error = wrong(context("prdo")).await;
    assert_eq!(error.to_string(), "context \"prdo\" does not exist; did you mean \"prod\"?");
    assert!(error.is_unknown_name());
    let error = wrong(ConnectOptions { user: Some("jnae".into()), ..Default::default() }).await;
    assert_eq!(error.to_string(), "user \"jnae\" does not exist; did you mean \"jane\"?");
    let error = wrong(ConnectOptions { cluster: Some("far-away".into()), ..Default::default() }).await;
    assert_eq!(error.to_string(), "cluster \"far-away\" does not exist; there are \"main\"");
    assert!(wrong(context("lost")).await.to_string().starts_with("cluster \"nowhere\" does not exist"));
    assert!(wrong(context("nobody")).await.to_string().starts_with("user \"nobody\" does not exist"), "not anonymous");
    assert!(scene.api.seen().is_empty());
}

#[tokio::test]
async fn a_file_that_is_no_kubeconfig_is_said_without_its_secrets() {
    let scene = Scene::new();
    let texts = [
        "users: [{name: jane, user: {token: hunter2}}\n",
        "users:\n- name: jane\n  user:\n    token: [hunter2]\n",
        "users:\n- user: {token: hunter2}\n  name:\n  - x\n",
        "\u{0}hunter2",
    ];
    for text in texts {
        let path = scene.file("broken", text);
        for (options, environment) in [
            (ConnectOptions { kubeconfig: Some(path.clone()), ..Default::default() }, Environment::default()),
            (ConnectOptions::default(), listed(&[&path])),
        ] {
            let error = failing(&options, &environment).await;
            assert!(error.is_bad_config(), "{error}");
            assert!(error.to_string().contains("broken"), "{error}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_file_without_a_choice_says_what_to_choose() {
    let scene = Scene::new();
    scene.file(".kube/config", &PROD.replace("current-context: prod", ""));
    let error = failing(&ConnectOptions::default(), &scene.home()).await;
    assert!(error.is_no_config(), "{error}");
    assert!(error.to_string().contains("\"staging\""), "{error}");
}
