//! The first question: is the server there, is it an API server, does it know us.

use super::*;
use std::net::TcpListener;
use storage_doctor_kube::ConnectError;
use storage_doctor_tests::fake_api::Fault;
use tokio::time::Instant;

async fn failing(options: &ConnectOptions) -> ConnectError {
    let start = Instant::now();
    let error = Cluster::connect(options, &Environment::default()).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(10), "{error}");
    error
}

fn at(server: String) -> ConnectOptions {
    ConnectOptions { server: Some(server), ..ConnectOptions::default() }
}

#[tokio::test]
async fn a_closed_port_is_unreachable_at_once() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = failing(&at(format!("http://127.0.0.1:{port}"))).await;
    assert!(error.is_unreachable(), "{error}");
    assert!(error.to_string().to_lowercase().contains("connection refused"), "{error}");
    assert!(error.to_string().contains(&port.to_string()), "{error}");
}

#[tokio::test]
async fn a_server_that_never_answers_is_unreachable_in_time() {
    // Accepts by its backlog, and says nothing; with the waits of the defaults.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    for scheme in ["http", "https"] {
        let mut options = at(format!("{scheme}://{}", listener.local_addr().unwrap()));
        options.insecure_skip_tls_verify = true;
        let error = failing(&options).await;
        assert!(error.is_unreachable(), "{error}");
    }
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_unreachable() {
    let error = failing(&at("https://no-such-host.invalid:6443".to_owned())).await;
    assert!(error.is_unreachable(), "{error}");
}

#[tokio::test]
async fn credentials_that_are_refused_are_told_apart() {
    let api = FakeApi::start(small()).unwrap();
    api.fail("*", Fault::Code(401));
    let error = failing(&options(&api)).await;
    assert!(error.is_credentials() && !error.is_unreachable(), "{error}");
    assert!(error.to_string().contains("expired or invalid"), "{error}");
}

#[tokio::test]
async fn a_hidden_version_is_no_obstacle() {
    let api = FakeApi::start(small()).unwrap();
    api.fail("version", Fault::Deny);
    let cluster = connected(&api).await;
    assert_eq!(cluster.version(), None);
    found(ask(&cluster, &list("pods", None)).await);
}

#[tokio::test]
async fn what_is_no_api_server_is_said() {
    let api = FakeApi::start(small()).unwrap();
    for fault in [Fault::Html404, Fault::Garbage, Fault::Code(500), Fault::Code(503), Fault::Break, Fault::Stall] {
        api.fail("version", fault);
        let error = failing(&options(&api)).await;
        assert!(error.is_unreachable(), "{fault:?}: {error}");
        assert!(!error.to_string().contains('<'), "{error}");
    }
}

#[tokio::test]
async fn impersonation_and_token_arrive() {
    let api = FakeApi::start(small()).unwrap();
    let options = ConnectOptions {
        token: Some("t0ken".into()),
        as_user: Some("jane".into()),
        as_groups: vec!["ops".into(), "dev".into()],
        as_uid: Some("42".into()),
        ..options(&api)
    };
    let cluster = Cluster::connect(&options, &Environment::default()).await.unwrap();
    found(ask(&cluster, &list("pods", None)).await);
    for seen in api.seen() {
        let values = |wanted: &str| -> Vec<String> {
            seen.headers.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.clone()).collect()
        };
        assert_eq!(values("authorization"), ["Bearer t0ken"]);
        assert_eq!(values("impersonate-user"), ["jane"]);
        assert_eq!(values("impersonate-group"), ["ops", "dev"]);
        assert_eq!(values("impersonate-uid"), ["42"]);
        assert!(values("user-agent")[0].starts_with("storage-doctor/"));
    }
}

#[tokio::test]
async fn flags_that_contradict_each_other_are_refused() {
    let groups = ConnectOptions { as_groups: vec!["ops".into()], ..at("http://127.0.0.1:1".into()) };
    let authority = ConnectOptions {
        certificate_authority: Some("ca.pem".into()),
        insecure_skip_tls_verify: true,
        ..at("https://127.0.0.1:1".into())
    };
    let no_file = ConnectOptions { certificate_authority: Some("nosuch.pem".into()), ..at("127.0.0.1:1".into()) };
    let header = ConnectOptions { as_user: Some("a\nb".into()), ..at("http://127.0.0.1:1".into()) };
    let server = at("http://bad host/".into());
    for options in [groups, authority, no_file, header, server] {
        let error = failing(&options).await;
        assert!(error.is_bad_config(), "{error}");
        assert!(!error.to_string().contains('\n'), "{error}");
    }
}
