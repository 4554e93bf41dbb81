//! Who we trust, and what we show.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
};

use async_nats::rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use super::{error::NatsError, options::NatsOptions};

/// What a connection is encrypted with, when it is. Reads files, so not for a runtime's own threads.
///
/// # Errors
/// [`NatsError::Setting`] names the file that cannot be used.
pub(super) fn config(options: &NatsOptions) -> Result<ClientConfig, NatsError> {
    let roots = match &options.tls_ca_file {
        Some(file) => given(file)?,
        None => system().clone(),
    };
    // Named here, since rustls finds none by itself, and panics, in a program that was built with two of them.
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong("tls", error))?
        .with_root_certificates(roots);
    match (&options.tls_cert_file, &options.tls_key_file) {
        (None, None) => Ok(builder.with_no_client_auth()),
        (Some(certificate), Some(key)) => {
            let chain = certificates("tls_cert_file", certificate)?;
            let key = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong("tls_key_file", error))?;
            builder.with_client_auth_cert(chain, key).map_err(|error| wrong("tls_key_file", error))
        }
        (Some(_), None) => Err(wrong("tls_cert_file", "it needs its key; set `tls_key_file`")),
        (None, Some(_)) => Err(wrong("tls_key_file", "it needs its certificate; set `tls_cert_file`")),
    }
}

fn wrong(name: &'static str, reason: impl ToString) -> NatsError {
    NatsError::Setting { name, reason: reason.to_string() }
}

fn certificates(name: &'static str, file: &Path) -> Result<Vec<CertificateDer<'static>>, NatsError> {
    let all = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match all {
        Ok(all) if all.is_empty() => Err(wrong(name, "there is no certificate in it")),
        Ok(all) => Ok(all),
        Err(error) => Err(wrong(name, error)),
    }
}

fn given(file: &Path) -> Result<RootCertStore, NatsError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates("tls_ca_file", file)? {
        roots.add(certificate).map_err(|error| wrong("tls_ca_file", error))?;
    }
    Ok(roots)
}

/// Read once in a process. A machine that trusts nobody is told by the handshake that needs it.
fn system() -> &'static RootCertStore {
    static SYSTEM: OnceLock<RootCertStore> = OnceLock::new();
    SYSTEM.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        roots
    })
}
