//! What is fuzzed, and what has to hold.

use std::hash::{DefaultHasher, Hash, Hasher};
use storage_doctor::check::{self, Budget, Names, Scope, Slot};
use storage_doctor::log::{Level, parse_lines};
use storage_doctor::playbook::{lint, load};
use storage_doctor::problem::Problems;
use storage_doctor::quantity::Quantity;
use storage_doctor::time::Time;
use storage_doctor::value::Value;
use storage_doctor_playbooks::FILES;

/// One way in for texts.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) longest: usize,
    pub(crate) seeds: fn() -> Vec<String>,
    /// What came of a text, as a number that is the same for the same kind of outcome; or what is wrong.
    pub(crate) run: fn(&str) -> Result<u64, String>,
}

pub(crate) const TARGETS: &[Target] = &[
    Target { name: "loader", longest: 20_000, seeds: playbooks, run: loader },
    Target { name: "expressions", longest: 5_000, seeds: expressions, run: expression },
    Target { name: "quantities", longest: 200, seeds: quantities, run: quantity },
    Target { name: "logs", longest: 20_000, seeds: logs, run: log },
];

fn kind(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// Small playbooks, so that many are tried: each cause of a built-in one by itself, and whole small files.
fn playbooks() -> Vec<String> {
    let mut seeds: Vec<String> =
        FILES.iter().filter(|(_, text)| text.len() < 7000).map(|(_, text)| (*text).to_owned()).collect();
    for (_, text) in FILES {
        let Some((_, causes)) = text.split_once("\ncauses:\n") else { continue };
        let causes = causes.split("\nchain:").next().unwrap_or_default();
        for cause in causes.split("\n  - id: ").skip(1) {
            let head = "apiVersion: storage-doctor.io/v1alpha1\nkind: Playbook\nname: p\ntitle: t\nsubject: PersistentVolumeClaim\n";
            seeds.push(format!("{head}symptom: claim.spec != null\ncauses:\n  - id: {cause}\n"));
        }
    }
    seeds
}

fn loader(text: &str) -> Result<u64, String> {
    let files = [("p.yaml".to_owned(), text.to_owned())];
    let loaded = load(&files);
    let linted = lint(&files);
    let errors = linted.as_ref().map_or(0, Problems::errors);
    if loaded.is_err() && errors == 0 {
        return Err("loading refuses what lint lets pass".to_owned());
    }
    let Some(problems) = linted else { return Ok(0) };
    for problem in &problems {
        let (span, length) = (problem.at.span, problem.at.file.text().len());
        if span.start > span.end || span.end > length {
            return Err(format!("{} stands at {span:?} of {length}", problem.code));
        }
    }
    let shown = problems.render(false);
    if shown.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err("a control character is shown".to_owned());
    }
    let mut codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    codes.dedup();
    Ok(kind(codes))
}

/// Some values, and one that is not known.
struct World;

impl Scope for World {
    fn value(&self, slot: Slot) -> Value {
        let json = match slot.0 {
            0 => {
                r#"{"metadata":{"name":"data","namespace":"shop","labels":{"a":"b"}},"spec":{"n":3,"list":["x","y"],"size":"10Gi"},"status":{"phase":"Pending"}}"#
            }
            1 => r#"[{"metadata":{"name":"a"},"n":1},{"metadata":{"name":"b"},"n":2.5}]"#,
            _ => return Value::failed("not known"),
        };
        serde_json::from_str(json).unwrap_or_default()
    }

    fn now(&self) -> Time {
        Time::from_unix_seconds(1_700_000_000)
    }
}

fn expressions() -> Vec<String> {
    let examples = check::functions().flat_map(|doc| doc.examples).map(|example| example.expression.to_owned());
    let checks = FILES.iter().flat_map(|(_, text)| text.lines()).filter_map(|line| {
        let (_, rest) = line.split_once("when: ")?;
        Some(rest.trim_matches(['\'', '"']).to_owned())
    });
    let own = [
        "claim.spec.list.exists(x, x == 'y') && !hidden",
        "pods.filter(p, p.n > 1).map(p, p.metadata.name).join(', ')",
        "claim {{ claim.metadata.name }} has {{ size(pods) }}",
    ];
    examples.chain(checks).chain(own.map(str::to_owned)).collect()
}

fn expression(text: &str) -> Result<u64, String> {
    let mut names = Names::new();
    for name in ["claim", "pods", "hidden"] {
        names.declare(name);
    }
    let mut budget = Budget::default();
    let template = check::compile_template(text, &names).map(|template| template.render(&World, &mut budget).len());
    let compiled = match check::compile(text, &names) {
        Ok(compiled) => compiled,
        Err(faults) => {
            for fault in &faults {
                if fault.range.start > fault.range.end || fault.range.end > text.len() {
                    return Err(format!("{} stands at {:?} of {}", fault.code, fault.range, text.len()));
                }
            }
            let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
            return Ok(kind((codes, template.is_ok())));
        }
    };
    let once = compiled.eval(&World, &mut Budget::default());
    let again = compiled.eval(&World, &mut Budget::default());
    if format!("{once:?}") != format!("{again:?}") {
        return Err("evaluated twice it gives two values".to_owned());
    }
    Ok(kind((std::mem::discriminant(&once), compiled.uses().len(), text.len() / 64)))
}

fn quantities() -> Vec<String> {
    [
        "0",
        "1",
        "10Gi",
        "500m",
        "1e3",
        "1.5Ki",
        "-1",
        "+1",
        "9223372036854775807",
        "0.001n",
        "1E",
        "1Ei",
        "12e-3",
        "1u",
        "1k",
        ".5",
        "5.",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn quantity(text: &str) -> Result<u64, String> {
    let Some(quantity) = Quantity::parse(text) else { return Ok(kind(text.len())) };
    for shown in [quantity.canonical(), quantity.to_string()] {
        match Quantity::parse(&shown) {
            Some(again) if again == quantity => {}
            other => return Err(format!("{text:?} is shown as {shown:?}, which is {other:?}")),
        }
    }
    let (sum, difference) = (quantity.add(&quantity), quantity.sub(&quantity));
    if difference.is_some_and(|zero| zero != Quantity::from_bytes(0)) {
        return Err(format!("{text:?} less itself is not nothing"));
    }
    if let Some(sum) = sum
        && sum.sub(&quantity).is_some_and(|back| back != quantity)
    {
        return Err(format!("{text:?} twice less once is not itself"));
    }
    Ok(kind((text.len(), quantity.bytes().leading_zeros())))
}

fn logs() -> Vec<String> {
    [
        "E1121 03:42:41.929557       1 server.go:107] GRPC error: rpc error: code = OutOfRange desc = too [big] \n",
        "I1121 03:42:41.929557       1 a.go:1] \"Still connecting\" address=\"unix:///csi/csi.sock\" err=\"x\\ny\"\n",
        "2026-11-21T03:42:41.929557Z E1121 03:42:41.929557       1 a.go:1] twice\n",
        "{\"level\":\"error\",\"ts\":1700000000.5,\"msg\":\"no\",\"error\":\"x\"}\n",
        "{\"time\":\"2026-11-21T03:42:41Z\",\"severity\":\"WARNING\",\"message\":\"m\"}\n",
        "time=\"2026-11-21T03:42:41Z\" level=warning msg=\"a \\\"b\\\"\" err=c\n",
        "2026/11/21 03:42:41 plain words\n",
        "goroutine 1 [running]:\nmain.main()\n\t/a/b.go:1 +0x1d\n",
        "\n\n\u{feff}no header at all\n",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn log(text: &str) -> Result<u64, String> {
    let now = Time::parse("2026-11-21T03:45:34Z").map_err(|error| error.to_string())?;
    let lines = parse_lines(text, now);
    if lines.len() > text.lines().count() {
        return Err(format!("{} lines of {}", lines.len(), text.lines().count()));
    }
    let kinds: Vec<_> = lines.iter().take(4).map(|line| (line.time.is_some(), line.level.map(Level::as_str))).collect();
    Ok(kind(kinds))
}
