//! From a path to what is asked for.

/// A request, taken apart.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// `version`, `pods/log`, or a resource by its full name.
    pub(crate) what: String,
    /// The resource by its full name, without the subresource.
    pub(crate) resource: String,
    /// The API group.
    pub(crate) group: String,
    /// The namespace.
    pub(crate) namespace: Option<String>,
    /// The object.
    pub(crate) name: Option<String>,
    /// What is asked of a node's kubelet: `stats/summary`, `logs/`.
    pub(crate) proxied: String,
    parameters: Vec<(String, String)>,
}

impl Asked {
    /// Takes a path with parameters apart; `what` is empty if it is none of the API's.
    pub(crate) fn parse(path: &str) -> Self {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let parameters = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut asked = Self {
            parameters: parameters.map(|(name, value)| (decoded(name), decoded(value))).collect(),
            ..Self::default()
        };
        let segments: Vec<String> = path.trim_matches('/').split('/').map(decoded).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let rest = match segments.as_slice() {
            ["version"] => {
                "version".clone_into(&mut asked.what);
                return asked;
            }
            ["api", _, rest @ ..] => rest,
            ["apis", group, _, rest @ ..] => {
                (*group).clone_into(&mut asked.group);
                rest
            }
            _ => return asked,
        };
        let rest = match rest {
            ["namespaces", namespace, rest @ ..] if !rest.is_empty() => {
                asked.namespace = Some((*namespace).to_owned());
                rest
            }
            rest => rest,
        };
        let [plural, rest @ ..] = rest else { return asked };
        let dot = if asked.group.is_empty() { "" } else { "." };
        asked.resource = format!("{plural}{dot}{}", asked.group);
        asked.what.clone_from(&asked.resource);
        match rest {
            [] => {}
            [name] => asked.name = Some((*name).to_owned()),
            [name, "proxy", tail @ ..] if *plural == "nodes" => {
                asked.name = Some((*name).to_owned());
                "nodes/proxy".clone_into(&mut asked.what);
                asked.proxied = tail.join("/");
            }
            [name, subresource] => {
                asked.name = Some((*name).to_owned());
                asked.what = format!("{plural}/{subresource}");
            }
            _ => asked.what = String::new(),
        }
        asked
    }

    /// A parameter, decoded.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// A parameter that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.parameter(name)?.parse().ok()
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        if let (b'%', Some(byte)) = (first, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            bytes.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
