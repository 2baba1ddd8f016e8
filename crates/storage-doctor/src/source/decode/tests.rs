use super::*;
use proptest::prelude::*;

fn list(json: &str) -> DecodedList {
    decode_list(json.as_bytes()).unwrap()
}

fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[test]
fn numbers_keep_their_kind() {
    let json = r#"{"big":18446744073709551615,"half":0.5,"int":-3,"max":9223372036854775807,"no":null,"yes":true}"#;
    let value = decode_object(json.as_bytes()).unwrap();
    assert!(matches!(value.field("int"), Value::Int(-3)));
    assert!(matches!(value.field("max"), Value::Int(i64::MAX)));
    assert!(matches!(value.field("big"), Value::Float(f) if f > 1.8e19));
    assert!(matches!(value.field("half"), Value::Float(f) if (f - 0.5).abs() < f64::EPSILON));
    assert!(value.field("no").is_null());
    assert!(matches!(value.field("yes"), Value::Bool(true)));
}

#[test]
fn what_nobody_reads_is_left_out_where_it_stands_and_nowhere_else() {
    let json = r#"{"managedFields":1,"metadata":{"name":"a","managedFields":[{"f:x":{}}],
        "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}","keep":"b"}},
        "spec":{"managedFields":2,"template":{"metadata":{"managedFields":[1]}}}}"#;
    let value = decode_object(json.as_bytes()).unwrap();
    assert_eq!(
        text(&value),
        r#"{"managedFields":1,"metadata":{"annotations":{"keep":"b"},"name":"a"},"spec":{"managedFields":2,"template":{"metadata":{}}}}"#
    );
}

#[test]
fn contents_of_secrets_and_config_maps_never_come_in() {
    let secret =
        r#"{"data":{"p":"aHVudGVyMg=="},"kind":"Secret","metadata":{"name":"s"},"stringData":{"p":"hunter2"}}"#;
    assert_eq!(text(&decode_object(secret.as_bytes()).unwrap()), r#"{"kind":"Secret","metadata":{"name":"s"}}"#);
    let map = r#"{"kind":"ConfigMap","data":{"p":"hunter2"},"binaryData":{"q":"aHVudGVyMg=="}}"#;
    assert_eq!(text(&decode_object(map.as_bytes()).unwrap()), r#"{"kind":"ConfigMap"}"#);
    // In a list, typed (the items do not say their kind, and the list says it last) or not, and nested.
    let typed = r#"{"items":[{"metadata":{"name":"s"},"data":{"p":"hunter2"}}],"kind":"SecretList"}"#;
    let nested = format!(r#"{{"x":[{typed}, {secret}]}}"#);
    for got in [
        text(&list(typed).items),
        text(&list(&format!(r#"{{"kind":"List","items":[{secret},{map}]}}"#)).items),
        text(&decode_object(typed.as_bytes()).unwrap()),
        text(&decode_object(nested.as_bytes()).unwrap()),
        text(&list(&format!("[{typed}]")).items),
    ] {
        assert!(!got.contains("hunter2") && !got.contains("aHVudGVyMg"), "{got}");
    }
    // Twice the same field, the harmless one last.
    let twice = r#"{"kind":"Secret","data":{"p":"hunter2"},"kind":"Pod"}"#;
    assert!(!text(&decode_object(twice.as_bytes()).unwrap()).contains("hunter2"));
    // Other kinds keep their data.
    let crd = r#"{"kind":"StorageClass","data":{"p":"1"}}"#;
    assert_eq!(decode_object(crd.as_bytes()).unwrap().at("data.p").as_str(), Some("1"));
}

#[test]
fn a_page_says_where_the_next_one_begins() {
    let page = list(
        r#"{"kind":"PodList","apiVersion":"v1","metadata":{"continue":"abc","resourceVersion":"7"},"items":[{"metadata":{"name":"a"}}]}"#,
    );
    assert_eq!(page.continue_token.as_deref(), Some("abc"));
    assert_eq!(page.resource_version.as_deref(), Some("7"));
    assert_eq!(text(&page.items), r#"[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}]"#);
    let last = list(r#"{"metadata":{"continue":""},"items":null}"#);
    assert_eq!((last.continue_token, last.items.len()), (None, 0));
}

#[test]
fn a_list_of_mixed_kinds_keeps_them() {
    let got = list(r#"{"items":[{"kind":"Pod","apiVersion":"v1"},{"kind":"Node"}],"kind":"List","apiVersion":"v1"}"#);
    assert_eq!(text(&got.items), r#"[{"apiVersion":"v1","kind":"Pod"},{"kind":"Node"}]"#);
}

#[test]
fn one_bad_item_does_not_spoil_the_others() {
    let deep = format!("{}{}", r#"{"a":"#.repeat(125), "1") + &"}".repeat(125);
    let got = list(r#"{"items":[{"a":1},3,null,"x",[{}],{"b":2}]}"#);
    assert_eq!((got.items.len(), got.malformed), (2, 4));
    let got = list(&format!(r#"{{"items":[{{"a":1}},{deep},{{"b":2}}]}}"#));
    assert_eq!((got.items.len(), got.malformed), (2, 1));
    assert_eq!(decode_object(deep.as_bytes()).unwrap_err(), DecodeError::TooDeep);
    assert!(serde_json::from_str::<Value>(&deep).is_err());
}

#[test]
fn what_is_no_list_is_no_empty_list() {
    assert_eq!(decode_list(b" \n").unwrap_err(), DecodeError::Empty);
    assert!(matches!(decode_list(br#"{"items":[{"#).unwrap_err(), DecodeError::Ended { line: 1, .. }));
    for (json, says) in [
        ("<html>", "not JSON"),
        ("{}", "not a list but an object without `items`"),
        (r#"{"kind":"Status","code":403}"#, "not a list but a Status without `items`"),
        (r#"{"items":{}}"#, "expected an array of objects"),
        (r#""items""#, "expected a list"),
        ("[] []", "trailing characters"),
        ("{\"kind\":\"\\u001b[2J\"}", "a \u{fffd}[2J without"),
    ] {
        let error = decode_list(json.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(says), "{json}: {error}");
    }
    assert!(decode_list(b"{\"items\":[\"\xff\"]}").is_err());
    assert!(decode_object(b"[]").is_err());
    assert!(decode_list("[".repeat(1_000_000).as_bytes()).is_err());
}

#[test]
fn yaml_reads_as_json_does() {
    let yaml =
        "apiVersion: v1\nkind: List\nitems:\n- kind: Pod\n  metadata: {name: a, labels: {8080: \"yes\", on: 1}}\n";
    let got = decode_list_yaml(yaml.as_bytes()).unwrap();
    assert_eq!(text(&got.items), r#"[{"kind":"Pod","metadata":{"labels":{"8080":"yes","on":1},"name":"a"}}]"#);
    assert!(decode_list_yaml(b"items: [").is_err());
    assert!(decode_list_yaml(b"a: &a [x]").is_err());
}

#[test]
fn yaml_aliases_cannot_make_much_of_little() {
    let row = format!("- &a [{}]\n", "x,".repeat(10_000));
    let bomb = row + &"- *a\n".repeat(10_000);
    let error = decode_list_yaml(format!("items:\n{bomb}").as_bytes()).unwrap_err();
    assert!(error.to_string().contains("more values than are read at once"), "{error}");
}

/// Any JSON whose fields have few names, so that much of it comes again.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        (0..3_i64).prop_map(Into::into),
        "[a-c\\\\\"é]{0,2}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::vec(("[a-d]", inner), 0..4).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_read_is_what_was_written(items in prop::collection::vec(prop::collection::hash_map("[a-d]", any_json(), 0..4), 0..6)) {
        let items: Vec<serde_json::Value> = items.into_iter().map(|fields| fields.into_iter().collect()).collect();
        let written = serde_json::json!({ "items": ([items.clone(), items].concat()) });
        let read = list(&written.to_string()).items;
        let read: serde_json::Value = serde_json::from_str(&text(&read)).unwrap();
        prop_assert_eq!(&read, &written["items"]);
    }

    #[test]
    fn any_bytes_are_a_list_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode_list(&bytes);
        let _ = decode_object(&bytes);
        let _ = decode_list_yaml(&bytes);
    }

    #[test]
    fn a_list_cut_anywhere_is_an_error(cut in 1_usize..60) {
        let json = r#"{"items":[{"a":1},{"b":[true,null,"\u00e9"]}],"kind":"List"}"#;
        prop_assert!(decode_list(&json.as_bytes()[..cut.min(json.len() - 1)]).is_err());
    }
}
