//! Which names are names of secret values.

/// What a secret value is called, as the last word of a name.
const SECRET: &[&str] = &[
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "pwd",
    "token",
    "tokens",
    "secret",
    "secrets",
    "credential",
    "credentials",
    "creds",
    "apikey",
    "apikeys",
    "jwt",
    "bearer",
    "authorization",
    "signature",
    "sig",
];

/// The same at the end of a word that was written together: `restuserkey`, `dbpassword`.
const ENDINGS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "token",
    "secret",
    "credential",
    "credentials",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "accountkey",
    "userkey",
    "adminkey",
    "authkey",
    "sharedkey",
    "encryptionkey",
    "masterkey",
];

/// What makes a key of the kind that one keeps for oneself: a topology key or the key of a work queue is none.
const KEYS: &[&str] = &[
    "api",
    "access",
    "secret",
    "private",
    "encryption",
    "account",
    "auth",
    "signing",
    "ssh",
    "master",
    "shared",
    "client",
    "user",
    "admin",
    "aes",
    "hmac",
    "sas",
    "storage",
    "license",
    "chap",
];

/// Longer names are none.
const LONGEST: usize = 128;

/// Whether a value of this name is secret, going by the last word of the name: `dbPassword`,
/// `AWS_SECRET_ACCESS_KEY`, `chap.session.password`; but not `secretName`, `token-store` or `topologyKey`.
pub(super) fn is_secret(name: &str) -> bool {
    if name.len() > LONGEST {
        return false;
    }
    let words = words(name);
    let mut words = words.iter().rev().map(String::as_str);
    let Some(last) = words.next() else { return false };
    let before = words.next();
    match last {
        // `pass` by itself is what tests do.
        "pass" => before.is_some(),
        "key" | "keys" => before.is_some_and(|word| KEYS.contains(&word)),
        _ => SECRET.contains(&last) || ENDINGS.iter().any(|ending| last.ends_with(ending)),
    }
}

/// Digits of a count; a longer number may be somebody's token.
const COUNT: usize = 9;

/// Whether a value counts tokens instead of being some: `burstTokens=10`, as rate limits have it.
pub(super) fn is_count(name: &str, value: &str) -> bool {
    value.len() <= COUNT
        && value.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && words(name).last().is_some_and(|word| word == "tokens")
}

/// The words of a name, lower case, without numbers: parted by signs or by capitals.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut open, mut lower) = (false, false);
    for c in name.chars() {
        if !c.is_alphanumeric() {
            open = false;
            continue;
        }
        if c.is_ascii_digit() {
            continue;
        }
        let begins = !open || (c.is_uppercase() && lower);
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
        open = true;
        lower = c.is_lowercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{is_count, is_secret};

    #[test]
    fn many_tokens_are_counted() {
        for (name, value) in [("burstTokens", "10"), ("max_tokens", "4096"), ("tokens", "0.5")] {
            assert!(is_secret(name) && is_count(name, value), "{name}");
        }
        for (name, value) in [("token", "10"), ("tokens", "s3cr3t"), ("tokens", "1234567890123"), ("password", "1234")]
        {
            assert!(!is_count(name, value), "{name}={value}");
        }
    }

    #[test]
    fn the_last_word_tells() {
        let secret = [
            "password",
            "DB_PASSWORD",
            "dbPassword",
            "POSTGRES_PASSWORD_2",
            "restuserkey",
            "AWS_SECRET_ACCESS_KEY",
            "token",
            "--token",
            "accessToken",
            "client-secret",
            "apiKey",
            "API_KEY",
            "node.session.auth.password",
            "DB_PASS",
            "Authorization",
            "sasToken",
            "storageAccountKey",
            "X-Amz-Signature",
            "credentials",
        ];
        for name in secret {
            assert!(is_secret(name), "{name}");
        }
        let open = [
            "secretName",
            "token-store",
            "topologyKey",
            "key",
            "keys",
            "passed",
            "pass",
            "bypass",
            "compass",
            "",
            "csi.storage.k8s.io/provisioner-secret-name",
            "csi.storage.k8s.io/node-stage-secret-namespace",
            "secretRef",
            "tokenExpirationSeconds",
            "AWS_ACCESS_KEY_ID",
            "tokenRequests",
            "passwordFile",
            "design",
            "secretKeyRef",
            "monkey",
            "keyring",
            "tokenizer",
            "123",
        ];
        for name in open {
            assert!(!is_secret(name), "{name}");
        }
        assert!(!is_secret(&"token".repeat(1000)));
    }
}
