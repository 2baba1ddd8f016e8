//! Clusters that do not answer, or do not want to.

use super::*;
use std::net::TcpListener;
use storage_doctor_tests::fake_api::{FakeApi, Fault, Objects};

const CLAIM: [&str; 4] = ["pvc", "data", "-n", "shop"];

#[test]
fn nobody_at_the_address_is_said_soon() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let to = |url: String| binary::program(CLAIM).arg("--server").arg(url);
    let _ = refused("refused", to(format!("http://{free}")), "refused");
    let _ = refused("no such host", to("http://no-such-host.invalid".to_owned()), "no-such-host\\.invalid");
    let _ = refused("no URL", to("::::".to_owned()), "url");
}

#[test]
fn a_port_that_never_answers_is_given_up_soon() {
    // The system accepts; nobody reads.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let _ =
        refused("silent", binary::program(CLAIM).arg("--server").arg(url), "(?i)timed out|no answer|did not answer");
    let api = FakeApi::start(Objects::new()).unwrap();
    api.fail("*", Fault::Stall);
    let _ = refused(
        "stalled",
        binary::program(CLAIM).arg("--server").arg(api.url()),
        "(?i)timed out|no answer|did not answer",
    );
}

#[test]
fn expired_credentials_are_said_with_a_hint() {
    let api = FakeApi::start(Objects::new()).unwrap();
    api.fail("*", Fault::Code(401));
    let run = refused("401", binary::program(CLAIM).arg("--server").arg(api.url()), "(?i)unauthorized|credentials");
    assert!(run.stderr.contains("log in again"), "{}", run.stderr);
}

#[test]
fn an_unknown_context_is_said_with_the_nearest() {
    let api = FakeApi::start(Objects::new()).unwrap();
    let with = |flags: &[&str]| {
        binary::program(CLAIM.iter().chain(&["--kubeconfig", "config"]).chain(flags)).file("config", &api.kubeconfig())
    };
    let _ = refused("context", with(&["--context", "fak"]), r#""?fak"?(?s:.*)fake"#);
    let _ = refused("cluster", with(&["--cluster", "nope"]), "nope");
    let _ = refused("user", with(&["--user", "nope"]), "nope");
    let missing = binary::program(CLAIM).arg("--kubeconfig").arg("nowhere");
    let _ = refused("no such file", missing, "nowhere");
    let _ = refused("no config", binary::program(CLAIM), "--from demo");
    let broken = binary::program(CLAIM).arg("--kubeconfig").arg("config").file("config", "clusters: [");
    let _ = refused("no YAML", broken, "config");
    assert!(api.seen().is_empty());
}

#[test]
fn a_kubeconfig_is_found_as_kubectl_finds_it() {
    let api = FakeApi::start(Objects::folder(&recorded::named("faults-a").folder).unwrap()).unwrap();
    let claim = ["pvc", "data", "-n", "h01-healthy"];
    let named = binary::program(claim).file("elsewhere", &api.kubeconfig()).env("KUBECONFIG", "elsewhere").run();
    assert_eq!(named.code, Some(0), "{named:?}");
}
