use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn redactor() -> Redactor {
    Redactor::new([7; 32])
}

fn object(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).unwrap()
}

#[test]
fn secrets_in_text_are_masked() {
    let texts = [
        "password=hunter2",
        "login --password hunter2 now",
        "dial postgres://app:hunter2@db:5432/x: refused",
        "https://hunter2@git.example/x",
        r#"{"user":"a","password":"hunter2"}"#,
        r#"{"msg":"sent {\"password\":\"hunter2\"} to db"}"#,
        "password: hunter2",
        "  dbPassword: hunter2\nuser: a",
        "{User:a Password:hunter2 Host:b}",
        "username=a,password=hunter2,vers=3.0",
        "GET /x?access_token=hunter2&page=2",
        "Authorization: Bearer hunter2hunter2",
        "authorization=\"Basic hunter2hunter2\"",
        "the token is eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.hunter2",
        "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----",
        "DB_PASSWORD='hunter2 with blanks'",
        "export AWS_SECRET_ACCESS_KEY=hunter2/+=",
        "password = hunter2",
        "secret=hunter2;",
        "password=hun,hunter2",
    ];
    for text in texts {
        let masked = redactor().text(text);
        assert!(!masked.contains("hunter2") && masked.contains(MARK), "{text}\n{masked}");
        assert_eq!(redactor().text(&masked), masked, "{text}");
    }
}

#[test]
fn counts_of_tokens_stay() {
    let line = r#"W1120 flow.go:1] rate limited burstTokens=10 "maxTokens": "4096" --max-tokens=7"#;
    assert_eq!(redactor().text(line), line);
    let kept = object(r#"{"args":["--burst-tokens=10"],"burstTokens":"10"}"#);
    assert_eq!(json(&redactor().object(&kept)), json(&kept));
    assert!(redactor().text("tokens=hunter2").contains(MARK));
}

#[test]
fn the_rest_of_a_text_stays() {
    let masked = redactor().text("username=a,password=hunter2,vers=3.0 x");
    assert!(masked.starts_with("username=a,password=REDACTED-") && masked.ends_with(",vers=3.0 x"), "{masked}");
    let masked = redactor().text("dial postgres://app:hunter2@db:5432/x: refused");
    assert!(masked.ends_with("@db:5432/x: refused"), "{masked}");
    let masked = redactor().text(r#"{"msg":"sent {\"password\":\"hunter2\"} to db"}"#);
    assert!(masked.ends_with(r#"\"} to db"}"#), "{masked}");
}

#[test]
fn near_misses_stay() {
    let texts = [
        "persistentvolumeclaim \"token-store\" not found",
        "claim shop/token-store: waiting for first consumer",
        "claim shop/db-password: waiting for a volume to be created",
        "secret \"rook-csi\" not found",
        "failed to get secret: secrets \"x\" not found",
        "MountVolume.SetUp failed for volume \"token\" : secret \"missing\" not found",
        "error syncing claim key=\"default/data\": timed out",
        "topologyKey=topology.kubernetes.io/zone",
        "failed to fetch token: serviceaccounts \"x\" is forbidden",
        "basic authentication failed",
        "bearer token expired",
        "GRPC request: {\"secrets\":\"***stripped***\",\"volume_id\":\"v\"}",
        "automountServiceAccountToken: true",
        "csi.storage.k8s.io/provisioner-secret-name: rook-csi",
        "docker-pullable://registry.example/app@sha256:0123456789abcdef",
        "http://10.0.0.1:9808/healthz",
        "missing credentials: see the class",
        "token=",
        "password=****",
    ];
    for text in texts {
        assert_eq!(redactor().text(text), text);
    }
}

#[test]
fn an_object_named_like_a_secret_is_none() {
    let mut redactor = redactor();
    let text = "db-password: a1b2c3d4 is not bound";
    assert!(redactor.text(text).contains(MARK));
    redactor.knowing([Arc::from("db-password")]);
    assert_eq!(redactor.text(text), text);
}

#[test]
fn secrets_in_objects_are_masked() {
    let pod = object(
        r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"token-store","namespace":"secret",
        "labels":{"token":"abc"},"managedFields":[{"x":"hunter2"}],
        "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"password\":\"hunter2\"}",
          "other/original":"{\"spec\":{\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"hunter2\"}]}}",
          "vault/token":"hunter2","note":"password=hunter2"}},
        "spec":{"volumes":[{"name":"v","secret":{"secretName":"token"}},
            {"name":"w","persistentVolumeClaim":{"claimName":"token-store"}}],
          "imagePullSecrets":[{"name":"password"}],"automountServiceAccountToken":true,
          "containers":[{"name":"c","args":["--password","hunter2","--token=hunter2 hunter2","run"],
            "env":[{"name":"DB_PASSWORD","value":"hunter2"},{"name":"URL","value":"amqp://u:hunter2@q/"},
              {"name":"API_TOKEN","valueFrom":{"secretKeyRef":{"name":"s","key":"password"}}},
              {"name":"MODE","value":"token-store"}]}]},
        "status":{"conditions":[{"message":"got token=hunter2"}]}}"#,
    );
    let masked = redactor().object(&pod);
    let text = json(&masked);
    assert!(!text.contains("hunter2"), "{text}");
    let stays = [("metadata.name", "token-store"), ("metadata.namespace", "secret"), ("metadata.labels.token", "abc")];
    for (path, value) in stays {
        assert_eq!(masked.at(path).as_str(), Some(value), "{path}");
    }
    let names = masked.texts_at("spec.volumes[].persistentVolumeClaim.claimName");
    assert_eq!(names, [Arc::from("token-store")]);
    assert_eq!(masked.texts_at("spec.volumes[].secret.secretName"), [Arc::from("token")]);
    assert_eq!(masked.texts_at("spec.imagePullSecrets[].name"), [Arc::from("password")]);
    assert!(text.contains(r#""key":"password","name":"s""#) && text.contains(r#""value":"token-store""#), "{text}");
    assert_eq!(json(&redactor().object(&masked)), text);
}

#[test]
fn the_contents_of_secrets_and_maps_go() {
    for kind in ["Secret", "ConfigMap"] {
        let value = Value::map([
            ("kind", Value::text(kind)),
            ("data", Value::map([("a", Value::text("hunter2"))])),
            ("stringData", Value::map([("a", Value::text("hunter2"))])),
        ]);
        assert!(!json(&redactor().object(&value)).contains("hunter2"));
    }
}

#[test]
fn what_refers_to_secrets_in_classes_and_volumes_stays() {
    let class = r#"{"kind":"StorageClass","parameters":{"csi.storage.k8s.io/provisioner-secret-name":"rook-csi",
        "csi.storage.k8s.io/provisioner-secret-namespace":"rook","adminId":"admin","restuserkey":"hunter2"}}"#;
    let masked = redactor().object(&object(class));
    let parameters = masked.field("parameters");
    assert_eq!(parameters.field("csi.storage.k8s.io/provisioner-secret-name").as_str(), Some("rook-csi"));
    assert_eq!(parameters.field("csi.storage.k8s.io/provisioner-secret-namespace").as_str(), Some("rook"));
    assert!(parameters.field("restuserkey").as_str().unwrap().starts_with(MARK));
}

#[test]
fn the_same_value_has_the_same_mask_under_one_key_only() {
    let one = redactor();
    let masks: Vec<String> = ["password=hunter2", "token=\"hunter2\"", "password=other"].map(|t| one.text(t)).into();
    let mask = |text: &str| text[text.find(MARK).unwrap()..][..MARK.len() + KEPT * 2].to_owned();
    assert_eq!(mask(&masks[0]), mask(&masks[1]));
    assert_ne!(mask(&masks[0]), mask(&masks[2]));
    assert_ne!(mask(&Redactor::new([8; 32]).text("password=hunter2")), mask(&masks[0]));
    assert_eq!(one.masked(), 3);
    let pod = object(r#"{"env":[{"name":"A_TOKEN","value":"hunter2"}]}"#);
    assert!(json(&one.object(&pod)).contains(&mask(&masks[0])));
}

/// Secrets that cannot be part of a mask or of the words around them.
fn secret() -> impl Strategy<Value = String> {
    "Q[a-z0-9]{2,8}[!-~]{0,12}Q[0-9]{3}".prop_filter("no quotes", |s| !s.contains(['"', '\'', '\\']))
}

proptest! {
    #[test]
    fn any_text_is_read_once_and_for_all(text in any::<String>(), words in "([a-zA-Z_ .:=,;&\"'\\\\/@{}\n-]|password|token|secret|eyJ|://|Bearer |key){0,40}") {
        for text in [text, words] {
            let once = redactor().text(&text);
            prop_assert_eq!(redactor().text(&once), once);
        }
    }

    #[test]
    fn a_secret_by_name_is_never_written(secret in secret(), head in "[ -~]{0,20}", tail in "[ -~]{0,20}") {
        let quoted = format!("{head} \"password\":\"{secret}\"}} {tail}");
        let env = object(&json(&Value::map([("env", Value::list(vec![Value::map([
            ("name", Value::text("DB_PASSWORD")), ("value", Value::text(&secret))])])),
            ("args", Value::list(vec![Value::text("--token"), Value::text(&secret)])),
            ("annotations", Value::map([("x/secret", Value::text(&secret))]))])));
        prop_assert!(!redactor().text(&quoted).contains(&secret));
        prop_assert!(!json(&redactor().object(&env)).contains(json(&Value::text(&secret)).trim_matches('"')), "{}", json(&redactor().object(&env)));
    }

    #[test]
    fn a_simple_secret_is_never_written(secret in "[A-Za-z0-9+/_-]{6,20}=?Q7", head in "[ -~]{0,20}", tail in "( [ -~]{0,20})?") {
        for form in [format!("password={secret}"), format!("url https://u:{}@h/", secret.replace('/', "-")), format!("--token {secret}"), format!("api_key: {secret}")] {
            let text = format!("{head} {form}{tail}");
            let shown = secret.replace('/', "-");
            let masked = redactor().text(&text);
            prop_assert!(!masked.contains(&secret) && !masked.contains(&shown), "{text}\n{masked}");
        }
    }

    #[test]
    fn names_stay(names in prop::collection::btree_map("[a-z]{1,8}", "[a-z]([-a-z0-9]{0,20}[a-z0-9])?", 1..4)) {
        let fields: BTreeMap<String, Value> = names.iter().map(|(k, v)| (k.clone(), Value::text(v))).collect();
        let object = Value::map([("metadata", Value::map(fields.values().map(|v| ("name", v.clone()))))]);
        prop_assert_eq!(json(&redactor().object(&object)), json(&object));
    }
}
