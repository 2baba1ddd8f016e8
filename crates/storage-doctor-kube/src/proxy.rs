//! Whether the proxy of the environment is for this API server.
//!
//! kube 5.0 compares `NO_PROXY` with the address of the proxy itself, so that an API server inside the
//! company is asked through the proxy. kubectl compares it with the API server, by the rules of Go's
//! `httpproxy`: hosts and their subdomains, `.suffix`, addresses, networks, `*`; and this machine is
//! never behind a proxy.

use std::net::IpAddr;

/// Whether `NO_PROXY` says to reach `server` without the proxy.
pub(crate) fn bypasses(server: &http::Uri, no_proxy: Option<&str>) -> bool {
    let default = if server.scheme_str() == Some("http") { 80 } else { 443 };
    matches(server.host().unwrap_or_default(), server.port_u16().unwrap_or(default), no_proxy)
}

fn matches(host: &str, port: u16, no_proxy: Option<&str>) -> bool {
    let host = host.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
    let address: Option<IpAddr> = host.parse().ok();
    if host == "localhost" || address.is_some_and(|address| address.is_loopback()) {
        return true;
    }
    no_proxy.unwrap_or_default().split(',').map(|entry| entry.trim().to_ascii_lowercase()).any(|entry| {
        if entry == "*" {
            return true;
        }
        match (address, entry.split_once('/')) {
            (Some(address), Some((network, bits))) => in_network(address, network, bits),
            (_, Some(_)) => false,
            _ => names(&entry, &host, port),
        }
    })
}

/// `example.com`, `.example.com`, `*.example.com`, `10.0.0.1`, each perhaps with a port.
fn names(entry: &str, host: &str, port: u16) -> bool {
    let (name, wanted) = match entry.rsplit_once(':') {
        Some((name, number)) if !name.contains(':') || name.ends_with(']') => (name, number.parse::<u16>().ok()),
        _ => (entry, None),
    };
    if wanted.is_some_and(|wanted| wanted != port) {
        return false;
    }
    let name = name.trim_matches(['[', ']']);
    let name = name.strip_prefix('*').unwrap_or(name);
    if name.is_empty() {
        return false;
    }
    match name.strip_prefix('.') {
        Some(_) => host.ends_with(name),
        None => host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')),
    }
}

fn in_network(address: IpAddr, network: &str, bits: &str) -> bool {
    let (Ok(network), Ok(bits)) = (network.parse::<IpAddr>(), bits.parse::<u32>()) else {
        return false;
    };
    match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) if bits <= 32 => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            a.to_bits() & mask == b.to_bits() & mask
        }
        (IpAddr::V6(a), IpAddr::V6(b)) if bits <= 128 => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            a.to_bits() & mask == b.to_bits() & mask
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_proxy_means() {
        let no_proxy = Some("corp.example, .svc ,10.0.0.0/8,*.lab.example,192.0.2.7:6443,fd00::/8,");
        for host in
            ["corp.example", "api.corp.example", "CORP.example.", "k.svc", "10.1.2.3", "x.lab.example", "[fd00::1]"]
        {
            assert!(matches(host, 6443, no_proxy), "{host}");
        }
        assert!(matches("192.0.2.7", 6443, no_proxy));
        for host in ["notcorp.example", "svc", "11.1.2.3", "lab.example", "example", "fe80::1"] {
            assert!(!matches(host, 6443, no_proxy), "{host}");
        }
        assert!(!matches("192.0.2.7", 443, no_proxy));
        assert!(matches("anything", 443, Some("*")));
        assert!(!matches("anything", 443, None));
        assert!(matches("127.0.0.1", 443, None));
        assert!(matches("0.1.2.3", 443, Some("0.0.0.0/0")));
        assert!(!matches("10.0.0.1", 443, Some("10.0.0.0/99,10.0.0.0/x,/8")));
    }
}
