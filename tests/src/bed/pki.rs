//! Who is who in a cluster: keys, certificates, and the files that clients log in with.

use super::trouble::{Attempt, Result};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Where the API server listens, within the cluster's network.
pub const SERVER: &str = "https://127.0.0.1:6443";

/// The authority of a cluster, which can be asked for certificates as long as the cluster is there.
pub struct Authority {
    folder: PathBuf,
    issuer: Issuer<'static, KeyPair>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Authority {
    /// A new authority, and the key that service accounts' tokens are signed with.
    pub fn create(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).attempt(folder.display())?;
        let key = KeyPair::generate().attempt("a key cannot be made")?;
        let params = params();
        let certificate = params.self_signed(&key).attempt("a certificate cannot be made")?;
        write(&folder.join("ca.crt"), &certificate.pem())?;
        write(&folder.join("ca.key"), &key.serialize_pem())?;
        let tokens = KeyPair::generate().attempt("a key cannot be made")?;
        write(&folder.join("sa.key"), &tokens.serialize_pem())?;
        write(&folder.join("sa.pub"), &tokens.public_key_pem())?;
        Ok(Self { folder: folder.to_owned(), issuer: Issuer::new(params, key) })
    }

    /// The authority that was made before.
    pub fn open(folder: &Path) -> Result<Self> {
        let file = folder.join("ca.key");
        let key = std::fs::read_to_string(&file).attempt(file.display())?;
        let key = KeyPair::from_pem(&key).attempt(file.display())?;
        Ok(Self { folder: folder.to_owned(), issuer: Issuer::new(params(), key) })
    }

    /// A certificate for a user in groups, or for a server of that name with these further names and addresses.
    pub fn certify(&self, file: &str, user: &str, groups: &[&str], names: &[&str]) -> Result<()> {
        let key = KeyPair::generate().attempt("a key cannot be made")?;
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).attempt(user)?;
        params.distinguished_name.push(DnType::CommonName, user);
        for group in groups {
            params.distinguished_name.push(DnType::OrganizationName, *group);
        }
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.signed_by(&key, &self.issuer).attempt(user)?;
        write(&self.folder.join(format!("{file}.crt")), &certificate.pem())?;
        write(&self.folder.join(format!("{file}.key")), &key.serialize_pem())
    }

    /// A certificate for a user, and a kubeconfig with it; the path of the kubeconfig.
    pub fn login(&self, file: &str, user: &str, groups: &[&str]) -> Result<PathBuf> {
        self.login_at(file, user, groups, &[])
    }

    /// The same for a user that serves too, as kubelets do.
    pub fn login_at(&self, file: &str, user: &str, groups: &[&str], names: &[&str]) -> Result<PathBuf> {
        self.certify(file, user, groups, names)?;
        let folder = self.folder.display();
        let config = serde_json::json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "bed", "cluster": {"server": SERVER, "certificate-authority": format!("{folder}/ca.crt")}}],
            "users": [{"name": "me", "user": {
                "client-certificate": format!("{folder}/{file}.crt"),
                "client-key": format!("{folder}/{file}.key"),
            }}],
            "contexts": [{"name": "bed", "context": {"cluster": "bed", "user": "me"}}],
            "current-context": "bed",
        });
        let path = self.folder.join(format!("{file}.kubeconfig"));
        write(&path, &serde_yaml::to_string(&config).attempt(file)?)?;
        Ok(path)
    }
}

fn params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "storage-doctor-bed");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    params
}

/// Writes a file that only its owner reads.
fn write(path: &Path, text: &str) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    let file = options.create(true).truncate(true).write(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).attempt(path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_that_was_opened_again_signs_as_before() {
        let folder = tempfile::tempdir().unwrap();
        Authority::create(folder.path()).unwrap();
        let authority = Authority::open(folder.path()).unwrap();
        let config = authority.login("doctor", "storage-doctor:a", &["storage-doctor", "readers"]).unwrap();
        let config = kube::config::Kubeconfig::read_from(config).unwrap();
        assert_eq!(config.current_context.as_deref(), Some("bed"));
        let openssl = crate::bed::host::program("openssl").unwrap();
        let path = |name: &str| folder.path().join(name).into_os_string();
        let mut verify = crate::bed::command::command(openssl, ["verify", "-CAfile"].map(std::ffi::OsString::from));
        crate::bed::command::output(verify.arg(path("ca.crt")).arg(path("doctor.crt"))).unwrap();
    }
}
