//! What happens inside, for those who ask for it.

use tracing_subscriber::EnvFilter;

/// Writes to standard error what `STORAGE_DOCTOR_LOG` asks for (`storage_doctor_kube=debug`). Silent
/// without it. kube's own messages stay out unless named, since it writes whole answers of the server.
pub(crate) fn start() {
    let Some(wanted) = crate::environment::log_filter() else { return };
    let filter = EnvFilter::new(format!("kube_client=off,{wanted}"));
    let format = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false);
    // It fails only when a log was started before, and there is none.
    let _ = format.try_init();
}
