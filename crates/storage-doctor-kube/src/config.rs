//! From kubectl's files and flags to kube's configuration.

use crate::error::Cause;
use crate::files;
use crate::names;
use crate::options::{ConnectOptions, Environment};
use crate::proxy;
use crate::text::bounded;
use kube::Config;
use kube::config::{
    AuthInfo, Cluster, Context, KubeConfigOptions, Kubeconfig, NamedAuthInfo, NamedCluster, NamedContext,
};

/// Which API server, as whom.
pub(crate) struct Target {
    /// kube's configuration.
    pub(crate) config: Config,
    /// The context's name; none in a pod of the cluster, or with `--server` alone.
    pub(crate) context: Option<String>,
}

/// Follows kubectl: files, then the flags over them, and a pod's own service account if there is no file.
pub(crate) async fn target(options: &ConnectOptions, environment: &Environment) -> Result<Target, Cause> {
    check(options)?;
    let mut looked = Vec::new();
    let found = files::kubeconfig(options, environment, &mut looked)?;
    let chosen = options.context.is_some() || options.cluster.is_some() || options.user.is_some();
    let mut target = match found {
        Some(kubeconfig) => from_file(&kubeconfig, options, environment).await?,
        None if options.server.is_some() && !chosen => from_file(&Kubeconfig::default(), options, environment).await?,
        None => match Config::incluster() {
            Ok(config) if !chosen => in_cluster(config, options),
            _ => return Err(Cause::NoConfig(looked)),
        },
    };
    let (wait, whole) = options.waits();
    // Before the deadline of the request, so that no connection is told from no answer.
    target.config.connect_timeout = Some(wait.mul_f32(0.8));
    target.config.write_timeout = Some(whole);
    // Its 15 retries take minutes; `wire` brings a short policy.
    target.config.default_retry = false;
    Ok(target)
}

/// Flags that contradict each other.
fn check(options: &ConnectOptions) -> Result<(), Cause> {
    let wrong = |text: &str| Err(Cause::Flags(text.to_owned()));
    if options.as_user.is_none() && (!options.as_groups.is_empty() || options.as_uid.is_some()) {
        return wrong("--as-group and --as-uid need --as: the user to impersonate");
    }
    if options.insecure_skip_tls_verify && options.certificate_authority.is_some() {
        return wrong("--certificate-authority and --insecure-skip-tls-verify exclude each other");
    }
    Ok(())
}

async fn from_file(
    kubeconfig: &Kubeconfig,
    options: &ConnectOptions,
    environment: &Environment,
) -> Result<Target, Cause> {
    let (name, context) = context(kubeconfig, options)?;
    let mut cluster = cluster(kubeconfig, options, &context)?;
    let mut user = user(kubeconfig, options, &context)?;
    overlay_user(&mut user, options);
    overlay_cluster(&mut cluster, &user, options);
    let own_proxy = cluster.proxy_url.clone().filter(|url| !url.is_empty());
    let config = Config::from_custom_kubeconfig(one(cluster, user), &KubeConfigOptions::default()).await;
    let mut config = config.map_err(|e| Cause::Config(files::message(&e)))?;
    let namespace = options.namespace.clone().or(context.namespace).filter(|name| !name.is_empty());
    config.default_namespace = namespace.unwrap_or_else(|| "default".to_owned());
    config.proxy_url = match own_proxy {
        Some(url) => Some(url.parse().map_err(|_| Cause::Config("proxy-url is no URL".to_owned()))?),
        None if proxy::bypasses(&config.cluster_url, environment.no_proxy.as_deref()) => None,
        None => config.proxy_url,
    };
    Ok(Target { config, context: name })
}

fn in_cluster(mut config: Config, options: &ConnectOptions) -> Target {
    overlay_user(&mut config.auth_info, options);
    config.accept_invalid_certs |= options.insecure_skip_tls_verify;
    if let Some(name) = &options.tls_server_name {
        config.tls_server_name = Some(name.clone());
    }
    if let Some(namespace) = options.namespace.as_ref().filter(|name| !name.is_empty()) {
        config.default_namespace.clone_from(namespace);
    }
    Target { config, context: None }
}

/// The context by its flag, else the current one, else an empty one if the flags suffice without.
fn context(kubeconfig: &Kubeconfig, options: &ConnectOptions) -> Result<(Option<String>, Context), Cause> {
    let names: Vec<&str> = kubeconfig.contexts.iter().map(|entry| entry.name.as_str()).collect();
    let Some(name) = options.context.as_ref().or(kubeconfig.current_context.as_ref()) else {
        if options.server.is_some() || options.cluster.is_some() {
            return Ok((None, Context::default()));
        }
        return Err(Cause::NoContext(names::hint("", &names)));
    };
    let found = kubeconfig.contexts.iter().find(|entry| entry.name == *name);
    match found {
        Some(entry) => Ok((Some(name.clone()), entry.context.clone().unwrap_or_default())),
        None => Err(unknown("context", name, &names)),
    }
}

fn cluster(kubeconfig: &Kubeconfig, options: &ConnectOptions, context: &Context) -> Result<Cluster, Cause> {
    let name = options.cluster.as_ref().unwrap_or(&context.cluster);
    if name.is_empty() && options.server.is_some() {
        return Ok(Cluster::default());
    }
    let found = kubeconfig.clusters.iter().find(|named| named.name == *name);
    found.map(|named| named.cluster.clone().unwrap_or_default()).ok_or_else(|| {
        let names: Vec<&str> = kubeconfig.clusters.iter().map(|named| named.name.as_str()).collect();
        unknown("cluster", name, &names)
    })
}

/// kube takes a user that does not exist for nobody; kubectl says so.
fn user(kubeconfig: &Kubeconfig, options: &ConnectOptions, context: &Context) -> Result<AuthInfo, Cause> {
    let name = match options.user.as_ref().or(context.user.as_ref()) {
        Some(name) if !name.is_empty() => name,
        _ => return Ok(AuthInfo::default()),
    };
    let found = kubeconfig.auth_infos.iter().find(|named| named.name == *name);
    found.map(|named| named.auth_info.clone().unwrap_or_default()).ok_or_else(|| {
        let names: Vec<&str> = kubeconfig.auth_infos.iter().map(|named| named.name.as_str()).collect();
        unknown("user", name, &names)
    })
}

fn unknown(what: &'static str, name: &str, names: &[&str]) -> Cause {
    Cause::Unknown { what, name: bounded(name, 100), hint: names::hint(name, names) }
}

fn overlay_user(user: &mut AuthInfo, options: &ConnectOptions) {
    if let Some(token) = &options.token {
        // kube would prefer any of these to the token.
        user.auth_provider = None;
        user.exec = None;
        user.username = None;
        user.password = None;
        user.token_file = None;
        user.token = Some(token.clone().into());
    }
    if let Some(name) = &options.as_user {
        user.impersonate = Some(name.clone());
    }
    if let Some(uid) = &options.as_uid {
        user.impersonate_uid = Some(uid.clone());
    }
    if !options.as_groups.is_empty() {
        user.impersonate_groups = Some(options.as_groups.clone());
    }
}

fn overlay_cluster(cluster: &mut Cluster, user: &AuthInfo, options: &ConnectOptions) {
    if let Some(path) = &options.certificate_authority {
        cluster.certificate_authority = Some(path.to_string_lossy().into_owned());
        cluster.certificate_authority_data = None;
        cluster.insecure_skip_tls_verify = None;
    }
    if options.insecure_skip_tls_verify {
        cluster.certificate_authority = None;
        cluster.certificate_authority_data = None;
        cluster.insecure_skip_tls_verify = Some(true);
    }
    if options.server.is_some() {
        cluster.server.clone_from(&options.server);
        // The file's name belongs to the file's server.
        cluster.tls_server_name = None;
    }
    if let Some(name) = &options.tls_server_name {
        cluster.tls_server_name = Some(name.clone());
    }
    if let Some(server) = cluster.server.as_mut().filter(|server| !server.contains("://")) {
        // client-go's DefaultServerURL: TLS if anything about TLS is configured.
        let tls = cluster.certificate_authority.is_some()
            || cluster.certificate_authority_data.is_some()
            || cluster.insecure_skip_tls_verify == Some(true)
            || user.client_certificate.is_some()
            || user.client_certificate_data.is_some();
        *server = format!("{}://{server}", if tls { "https" } else { "http" });
    }
}

/// A kubeconfig of one context, so that kube has nothing left to choose.
fn one(cluster: Cluster, user: AuthInfo) -> Kubeconfig {
    let name = "chosen".to_owned();
    Kubeconfig {
        clusters: vec![NamedCluster { name: name.clone(), cluster: Some(cluster), ..Default::default() }],
        auth_infos: vec![NamedAuthInfo { name: name.clone(), auth_info: Some(user), ..Default::default() }],
        contexts: vec![NamedContext {
            name: name.clone(),
            context: Some(Context { cluster: name.clone(), user: Some(name.clone()), ..Default::default() }),
            ..Default::default()
        }],
        current_context: Some(name),
        ..Default::default()
    }
}
