use super::*;
use proptest::prelude::*;

const NOW: &str = "2026-11-21T03:45:34Z";

fn parse_all(text: &str) -> Vec<Line> {
    parse_lines(text, Time::parse(NOW).unwrap())
}

fn one(text: &str) -> Line {
    let mut lines = parse_all(text);
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines.remove(0)
}

fn time(line: &Line) -> String {
    line.time.map(|t| t.to_string()).unwrap_or_default()
}

#[test]
fn klog_text() {
    let line = one(
        "E1121 03:42:41.929557       1 server.go:107] GRPC error: rpc error: code = OutOfRange desc = too [big] \n",
    );
    assert_eq!(time(&line), "2026-11-21T03:42:41.929557Z");
    assert_eq!(line.level, Some(Level::Error));
    assert_eq!(line.message, "GRPC error: rpc error: code = OutOfRange desc = too [big]");
    assert_eq!(one("W1121 03:42:41.929557   32545 a/b.go:1]").message, "");
    assert_eq!(one("F1121 03:42:41.929557   32545 b.go:1] gone").level, Some(Level::Fatal));
}

#[test]
fn klog_structured() {
    let line = one(
        r#"E1121 03:42:41.930723       1 controller.go:1009] "Unhandled Error" err="error syncing claim \"482a\": rpc error: code = OutOfRange" logger="UnhandledError""#,
    );
    assert_eq!(line.message, r#"Unhandled Error: error syncing claim "482a": rpc error: code = OutOfRange"#);
    assert!(line.raw.ends_with(r#"logger="UnhandledError""#));
    let line = one(r#"I1121 03:42:06.126893       1 a.go:1] "Still connecting" address="unix:///csi/csi.sock""#);
    assert_eq!(line.message, r#"Still connecting address="unix:///csi/csi.sock""#);
    let line = one(r#"E1121 03:42:06.126893       1 a.go:1] "a" list=["x y"] map={"k":"v w"} n=3 err="b\n\tc""#);
    assert_eq!(line.message, "a: b\n\tc");
    let line = one(r#"E1121 03:42:06.126893       1 a.go:1] "a" err=null pod="x/y""#);
    assert_eq!(line.message, "a: null");
    let line = one(r#"E1121 03:42:06.126893       1 a.go:1] "a" is not "b""#);
    assert_eq!(line.message, r#""a" is not "b""#);
    // Cut in the middle of a value.
    assert_eq!(one(r#"E1121 03:42:06.126893       1 a.go:1] "a" err="half of"#).message, "a: half of");
}

#[test]
fn go_escapes() {
    let unquoted = |text: &str| go::quoted(text).unwrap().0.into_owned();
    assert_eq!(unquoted(r#""a\tb\\\"c\"""#), "a\tb\\\"c\"");
    assert_eq!(unquoted(r#""\xe5\x8d\xb7 \u5377 \U0001f4be \101""#), "卷 卷 💾 A");
    assert_eq!(unquoted(r#""\xff \ud800 \777""#), "\u{fffd} \u{fffd} \u{fffd}");
    for odd in [r"\", r"\q", r"\x", r"\xg1", r"\u12", r"\8", "\\卷"] {
        assert_eq!(unquoted(&format!("\"{odd}")), odd);
    }
    assert!(go::quoted("a").is_none());
}

#[test]
fn values_over_several_lines_are_one_message() {
    let text = "E1121 03:42:06.126893       1 a.go:1] \"Mount failed\" err=<\n\tmount: exit status 32\n\tbad option\n > pod=\"a/b\"\nI1121 03:42:07.126893       1 a.go:2] next\n";
    let lines = parse_all(text);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0].message, "Mount failed: mount: exit status 32\nbad option");
    assert!(lines[0].raw.ends_with("\n > pod=\"a/b\""));
    assert_eq!(lines[1].message, "next");
    let stamped = text.lines().map(|line| format!("2026-11-20T00:00:00.5Z {line}")).collect::<Vec<_>>().join("\n");
    let again = parse_all(&stamped);
    assert_eq!(again.len(), 2);
    assert_eq!(again[0].message, lines[0].message);
    assert_eq!(time(&again[0]), "2026-11-20T00:00:00.5Z");
    // Never closed: the next head ends it.
    assert_eq!(
        parse_all("E1121 03:42:06.1       1 a.go:1] \"x\" err=<\n\ta\nE1121 03:42:06.1       1 a.go:1] y").len(),
        2
    );
}

#[test]
fn the_year_is_the_one_closest_before_now() {
    let at = |line: &str, now: &str| {
        let line = format!("I{line} 23:59:59.000000       1 a.go:1] x");
        time(&parse_lines(&line, Time::parse(now).unwrap())[0])
    };
    assert_eq!(at("1231", "2027-01-01T00:00:10Z"), "2026-12-31T23:59:59Z");
    assert_eq!(at("0101", "2027-01-01T23:59:59Z"), "2027-01-01T23:59:59Z");
    // A clock that is ahead of ours.
    assert_eq!(at("0101", "2026-12-31T23:59:59.5Z"), "2027-01-01T23:59:59Z");
    assert_eq!(at("0229", "2027-01-01T00:00:00Z"), "2024-02-29T23:59:59Z");
    assert_eq!(at("0230", "2027-01-01T00:00:00Z"), "");
}

#[test]
fn an_added_time_is_believed_first() {
    let line = one("2026-11-21T03:45:33.123456789Z E1121 01:00:00.000000       1 a.go:1] x");
    assert_eq!((time(&line).as_str(), line.message.as_str()), ("2026-11-21T03:45:33.123456789Z", "x"));
    assert!(line.raw.starts_with("E1121"));
    let line = one("2026-11-21T11:45:33+08:00 plain words");
    assert_eq!((time(&line).as_str(), line.message.as_str()), ("2026-11-21T03:45:33Z", "plain words"));
    assert_eq!(one("2026-99-21T11:45:33Z no time").message, "2026-99-21T11:45:33Z no time");
}

#[test]
fn json_of_several_loggers() {
    for (line, at, level, message) in [
        (r#"{"ts":1580306777047.28,"caller":"a.go:1","msg":"up","v":4}"#, "2020-01-29T14:06:17Z", Level::Info, "up"),
        (r#"{"ts":1580306777.047,"msg":"down\n","err":"why"}"#, "2020-01-29T14:06:17Z", Level::Error, "down: why"),
        (r#"{"level":"warn","ts":"2026-11-21T03:00:00Z","msg":"m"}"#, "2026-11-21T03:00:00Z", Level::Warning, "m"),
        (
            r#"{"time":"2026-11-21T03:00:00Z","level":"ERROR","msg":"m","error":"e"}"#,
            "2026-11-21T03:00:00Z",
            Level::Error,
            "m: e",
        ),
        (
            r#"{"severity":"fatal","timestamp":1580306777047280000,"message":"m"}"#,
            "2020-01-29T14:06:17Z",
            Level::Fatal,
            "m",
        ),
    ] {
        let got = one(line);
        assert_eq!((time(&got).as_str(), got.level, got.message.as_str()), (at, Some(level), message), "{line}");
    }
    for near_miss in [r#"{"msg":1}"#, r#"{"ts":1}"#, r#"{"msg":"cut"#, "{}", r#"["msg"]"#] {
        assert_eq!(one(near_miss).message, near_miss);
        assert_eq!(one(near_miss).level, None);
    }
}

#[test]
fn logfmt() {
    let line = one(r#"time="2026-11-21T03:00:00Z" level=error msg="Failed to attach" error="no \"x\"" volume=v1"#);
    assert_eq!(line.message, r#"Failed to attach: no "x""#);
    assert_eq!((time(&line).as_str(), line.level), ("2026-11-21T03:00:00Z", Some(Level::Error)));
    assert_eq!(one("time=12 is money").message, "time=12 is money");
}

#[test]
fn what_only_looks_like_klog_stays_as_it_is() {
    for line in [
        "E1121 is a room",
        "Error: [x] y",
        "X1121 03:42:41.929557       1 server.go:107] x",
        "E112 03:42:41.929557       1 server.go:107] x",
        "E1121 03:42:41,929557       1 server.go:107] x",
        "E1121 03:42:41.929557       one server.go:107] x",
        "E1121 03:42:41.929557       1 server.go] x",
        "卷1121 03:42:41.929557       1 server.go:1] x",
        "] ",
        "]",
    ] {
        let got = one(line);
        assert_eq!((got.level, got.time, got.message.as_str()), (None, None, line.trim()), "{line}");
    }
}

#[test]
fn a_line_without_a_time_takes_the_one_before() {
    let lines = parse_all("first\nI1121 03:42:41.000000       1 a.go:1] x\nfstype ext4\r\n\n");
    let times: Vec<String> = lines.iter().map(time).collect();
    assert_eq!(times, ["", "2026-11-21T03:42:41Z", "2026-11-21T03:42:41Z"]);
    assert_eq!(lines[2].message, "fstype ext4");
}

#[test]
fn much_is_bounded() {
    let long = "卷".repeat(10_000);
    assert!(one(&long).raw.len() <= MAX_LINE);
    let many = (0..MAX_LINES + 5).map(|i| i.to_string()).collect::<Vec<_>>().join("\n");
    let lines = parse_all(&many);
    assert_eq!((lines.len(), lines[0].raw.as_str()), (MAX_LINES, "5"));
    let endless = format!("E1121 03:42:06.1       1 a.go:1] \"x\" err=<\n{}", "\tmore\n".repeat(19_000));
    assert!(one(&endless).raw.len() <= MAX_LINE);
}

#[test]
fn what_journald_puts_before_a_line_is_its_time() {
    let klog = "E1121 04:45:33.000000   32545 a.go:1] \"x\" err=\"y\"";
    // klog writes the node's own time, journald UTC.
    let line = one(&format!("Nov 21 03:45:33.470674 node-a kubelet[32545]: {klog}"));
    assert_eq!(line.time.map(|t| t.to_string()).as_deref(), Some("2026-11-21T03:45:33.470674Z"));
    assert_eq!((line.message.as_str(), line.raw.as_str()), ("x: y", klog));
    assert!(one("Nov  1 03:45:33.470674 n kubelet[1]: up").time.is_some(), "a day of one digit");
    for none in ["Nov 21 is near: go", "Nov 21 03:45 n u: x", "Nox 21 03:45:33.4 n u: x", "Nov 41 03:45:33.4 n u: x"] {
        assert_eq!((one(none).time, one(none).message.as_str()), (None, none));
    }
}

#[test]
fn what_a_mount_answered_belongs_to_its_failure() {
    let head = "E1121 03:45:02.226803   32545 nestedpendingoperations.go:348] Operation failed. Error: mount failed";
    let answer = "Mounting command: mount\nMounting arguments: -t nfs a:/b /c\nOutput: mount: unknown filesystem type 'nfs'.\n       dmesg(1) may have more";
    let next = "I1121 03:45:06.102123   32545 util.go:34] \"No sandbox\"";
    let lines = parse_all(&format!("{head}\n{answer}\n\n{next}\nplain"));
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!(lines[0].message, format!("Operation failed. Error: mount failed\n{answer}"));
    assert_eq!((lines[1].message.as_str(), lines[2].message.as_str()), ("No sandbox", "plain"));
    // Without a line before it there is nothing it could belong to.
    assert_eq!(parse_all(answer).len(), 1);
}

#[test]
fn a_line_is_a_value() {
    let value = one("E1121 03:42:41.000000       1 a.go:1] x").into_value();
    assert!(matches!(value.field("time"), Value::Time(_)));
    assert_eq!(value.field("level").as_str(), Some("error"));
    assert_eq!(value.field("message").as_str(), Some("x"));
    assert!(one("x").into_value().field("time").is_null());
}

proptest! {
    #[test]
    fn any_text_is_lines(text in "\\PC{0,200}") {
        for line in parse_all(&text) {
            prop_assert!(line.raw.len() <= MAX_LINE);
        }
    }

    #[test]
    fn anything_after_a_head_is_lines(text in prop_oneof!["[\"\\\\=<>{}\\[\\] a-c\n\t]{0,60}", any::<String>()]) {
        let _ = parse_all(&format!("E1121 03:42:06.126893       1 a.go:1] {text}"));
        let _ = parse_all(&format!("time={text}"));
        let _ = parse_all(&format!("{{\"msg\":{text}"));
    }

    #[test]
    fn what_go_quotes_comes_back(text in any::<String>()) {
        let quoted = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"));
        prop_assert_eq!(go::quoted(&quoted).map(|(text, rest)| (text.into_owned(), rest.is_empty())), Some((text, true)));
    }
}
