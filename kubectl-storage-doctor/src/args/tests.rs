//! The command line as a table.

use super::*;

fn parsed(line: &str) -> Args {
    try_parse(line).unwrap_or_else(|stop| panic!("{line}: {}", stop.0))
}

fn try_parse(line: &str) -> Result<Args, Stop> {
    parse(std::iter::once("kubectl-storage_doctor").chain(line.split_whitespace()).map(OsString::from))
}

#[test]
fn clap_finds_nothing_wrong() {
    Args::command().debug_assert();
}

#[test]
fn the_first_word_is_a_subcommand_or_a_type() {
    let cases: [(&str, &[&str]); 8] = [
        ("pvc data", &["pvc", "data"]),
        ("pvc/data", &["pvc/data"]),
        ("pvc a b -n shop", &["pvc", "a", "b"]),
        ("-n shop pvc a", &["pvc", "a"]),
        ("pvc -n shop a", &["pvc", "a"]),
        ("pvc version", &["pvc", "version"]),
        ("-n version pvc", &["pvc"]),
        ("pvc -- -odd", &["pvc", "-odd"]),
    ];
    for (line, what) in cases {
        let args = parsed(line);
        assert!(args.command.is_none(), "{line}");
        assert_eq!(args.diagnose.what, what, "{line}");
    }
    assert!(matches!(parsed("version").command, Some(Command::Version)));
    assert!(matches!(parsed("language").command, Some(Command::Language)));
    assert!(matches!(parsed("schema playbook").command, Some(Command::Schema { of: SchemaOf::Playbook })));
    let Some(Command::Playbook { command: PlaybookCommand::Lint(lint) }) =
        parsed("playbook lint a b --no-builtin").command
    else {
        panic!("not lint")
    };
    assert!(lint.paths == [Path::new("a"), Path::new("b")] && lint.no_builtin);
}

#[test]
fn flags_as_kubectl_spells_them() {
    let args = parsed(
        "pvc -A -l a=b,c!=d -o json -v --color never --playbooks x --playbooks y --no-builtin --timeout 1m30s \
         --kubeconfig k --context c --cluster cl --user u -s https://x --token t --as me --as-group g --as-group h \
         --as-uid 7 --certificate-authority ca --insecure-skip-tls-verify --tls-server-name n --request-timeout 5",
    );
    let look = &args.diagnose;
    assert!(look.all_namespaces && look.verbose && look.playbooks.no_builtin);
    assert_eq!((look.output, look.look.color, args.color()), (Format::Json, Color::Never, Color::Never));
    assert_eq!(look.selector.as_deref(), Some("a=b,c!=d"));
    assert_eq!(look.playbooks.playbooks, [Path::new("x"), Path::new("y")]);
    assert_eq!(look.place().timeout, Some(Duration::from_secs(90)));
    let to = &look.connection;
    assert_eq!(to.as_groups, ["g", "h"]);
    assert_eq!(
        (to.as_user.as_deref(), to.as_uid.as_deref(), to.server.as_deref()),
        (Some("me"), Some("7"), Some("https://x"))
    );
    assert_eq!(to.request_timeout, Some(Duration::from_secs(5)));
    assert!(to.insecure_skip_tls_verify);
}

#[test]
fn defaults() {
    let args = parsed("pvc").diagnose;
    assert_eq!(
        (args.output, args.look.color, args.place().timeout),
        (Format::Text, Color::Auto, Some(Duration::from_secs(60)))
    );
    assert!(!args.all_namespaces && args.from.is_none() && args.namespace.is_none());
    assert!(!args.connection.insecure_skip_tls_verify);
    assert_eq!(parsed("pvc --timeout 0").diagnose.place().timeout, None);
    assert!(!parsed("pvc --insecure-skip-tls-verify=false a").diagnose.connection.insecure_skip_tls_verify);
    assert_eq!(parsed("pvc --insecure-skip-tls-verify a").diagnose.what, ["pvc", "a"]);
    assert_eq!(parsed("pvc --from demo -n shop").diagnose.from.as_deref(), Some(Path::new("demo")));
}

#[test]
fn wrong_usage_could_not_run_and_help_is_fine() {
    let wrong = [
        "",
        "-n shop",
        "pvc --nope",
        "pvc -o xml",
        "pvc --timeout 1d",
        "pvc --request-timeout -5s",
        "schema",
        "schema x",
        "playbook",
        "playbook lint",
        "version extra",
        "pvc --from x --context c",
        "pvc --from x --as me",
        "pvc --from x -s u",
        "pvc --color sometimes",
        "pvc -n",
    ];
    for line in wrong {
        assert_eq!(try_parse(line).err().map(|stop| stop.exit()), Some(Exit::CouldNotRun), "{line:?}");
    }
    for line in ["--help", "-h", "--version", "-V", "help", "help playbook", "playbook lint --help", "pvc -h"] {
        assert_eq!(try_parse(line).err().map(|stop| stop.exit()), Some(Exit::Fine), "{line:?}");
    }
}

#[test]
fn help_is_what_the_documents_show() {
    let help = try_parse("--help").err().map(|stop| stop.0.to_string()).unwrap();
    insta::assert_snapshot!("help", help);
}

#[test]
fn the_name_is_the_one_that_was_typed() {
    let usage = |program: &str| {
        let stop = parse([program, "--nope"].map(OsString::from)).err().unwrap();
        stop.0.to_string().lines().find(|line| line.starts_with("Usage")).unwrap().to_owned()
    };
    for program in ["kubectl-storage_doctor", "/usr/local/bin/kubectl-storage_doctor", "kubectl-storage_doctor.exe"] {
        assert_eq!(usage(program), "Usage: kubectl storage-doctor [OPTIONS] <TYPE> [NAME]...", "{program}");
    }
    assert!(usage("storage-doctor").starts_with("Usage: storage-doctor "), "{}", usage("storage-doctor"));
}
