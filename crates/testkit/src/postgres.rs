//! A PostgreSQL server of one's own for tests: in a temporary folder, over a Unix socket, gone with the process.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// A running server. It ends, and its folder goes, when this is dropped or the process dies, however that happens.
pub struct Server {
    bin: PathBuf,
    folder: PathBuf,
    /// Where it listens beside its socket, encrypted only.
    port: Option<u16>,
    keeper: Child,
    open: Option<ChildStdin>,
}

/// Waits for the end of its input, which comes with the end of whoever started it.
const KEEP: &str = r#"
set -e
"$1/initdb" -D "$2/data" -U postgres -A trust --no-sync -E UTF8 --locale=C.UTF-8 >"$2/log"
cat >>"$2/data/postgresql.conf" <<END
unix_socket_directories = '$2'
listen_addresses = ''
fsync = $3
max_connections = 200
END
if [ -n "$4" ]; then
  cd "$2"
  key="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
  openssl req -x509 $key -days 2 -subj "/CN=an authority" -keyout authority.key -out authority.pem 2>>log
  openssl req $key -subj "/CN=localhost" -keyout server.key -out server.csr 2>>log
  echo "subjectAltName = DNS:localhost" >names
  openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -extfile names -out server.pem 2>>log
  chmod 644 authority.pem
  printf '%s\n' "port = $4" "listen_addresses = '127.0.0.1'" "ssl = on" "ssl_cert_file = '$2/server.pem'" \
    "ssl_key_file = '$2/server.key'" >>data/postgresql.conf
  printf '%s\n' "local all all trust" "hostssl all all 127.0.0.1/32 trust" >data/pg_hba.conf
fi
trap '"$1/pg_ctl" -D "$2/data" -m immediate -w stop >>"$2/log" || true; rm -rf "$2"' EXIT
"$1/pg_ctl" -D "$2/data" -l "$2/server.log" -w start >>"$2/log"
echo ready
cat >/dev/null
"#;

impl Server {
    /// Starts a server; without `durable` it does not wait for the disk, which tests of crashes need.
    ///
    /// # Panics
    /// Where Debian's `postgresql` is not installed, or the server does not start.
    pub fn start(durable: bool) -> Self {
        Self::begin(durable, None)
    }

    /// Starts a server that is spoken to over TCP by TLS alone, by the name `localhost`, which [`Server::authority`] has signed.
    ///
    /// # Panics
    /// As [`Server::start`]; where there is no `openssl` to make certificates.
    pub fn encrypted() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        Self::begin(false, Some(free.expect("a free port").port()))
    }

    fn begin(durable: bool, port: Option<u16>) -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let bin = newest().expect("PostgreSQL below /usr/lib/postgresql: apt-get install postgresql");
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("tiaoji-pg-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).expect("a temporary folder");
        let mut command = as_postgres(&folder);
        command.args(["sh", "-c", KEEP, "sh"]).arg(&bin).arg(&folder).arg(if durable { "on" } else { "off" });
        command.arg(port.map(|port| port.to_string()).unwrap_or_default());
        let mut keeper =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell starts");
        let open = keeper.stdin.take();
        let mut line = String::new();
        let output = keeper.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut line).expect("its first line");
        assert_eq!(line, "ready\n", "PostgreSQL did not start, see {}", folder.display());
        Self { bin, folder, port, keeper, open }
    }

    /// The one of this process, started at the first call, not durable.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(false))
    }

    /// Makes an empty database; gives its address.
    ///
    /// # Panics
    /// Where the server refuses.
    pub fn database(&self) -> String {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("t{}", MADE.fetch_add(1, Ordering::Relaxed));
        let mut command = Command::new(self.bin.join("createdb"));
        command.args(["-U", "postgres", "-h"]).arg(&self.folder);
        command.args(self.port.map(|port| format!("--port={port}"))).arg(&name);
        assert!(command.status().expect("createdb starts").success(), "createdb {name}");
        match self.port {
            Some(port) => format!("postgres://postgres@localhost:{port}/{name}"),
            None => format!("postgres://postgres@localhost/{name}?host={}", self.folder.display()),
        }
    }

    /// Drops a database that [`Server::database`] has made, whoever is still connected.
    ///
    /// # Panics
    /// Where the server refuses.
    pub fn drop_database(&self, url: &str) {
        let name =
            url.split('?').next().and_then(|url| url.rsplit('/').next()).expect("the address of a database");
        let mut command = Command::new(self.bin.join("dropdb"));
        command.args(["--force", "-U", "postgres", "-h"]).arg(&self.folder);
        command.args(self.port.map(|port| format!("--port={port}"))).arg(name);
        assert!(command.status().expect("dropdb starts").success(), "dropdb {name}");
    }

    /// The certificate of whoever vouches for an encrypted server.
    pub fn authority(&self) -> PathBuf {
        self.folder.join("authority.pem")
    }

    /// Ends every connection at once, as a crash does, and starts again.
    ///
    /// # Panics
    /// Where it does not start again.
    pub fn restart(&self) {
        let mut command = as_postgres(&self.folder);
        command.arg(self.bin.join("pg_ctl")).arg("-D").arg(self.folder.join("data"));
        command.arg("-l").arg(self.folder.join("server.log"));
        command.args(["-m", "immediate", "-w", "restart"]).stdout(Stdio::null());
        assert!(command.status().expect("pg_ctl starts").success(), "restart");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.open.take());
        let _ = self.keeper.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn newest() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let bins = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    bins.filter(|bin| bin.join("initdb").exists()).max()
}

/// A command prefix: PostgreSQL refuses to run as root, so that root becomes `postgres`.
fn as_postgres(folder: &Path) -> Command {
    let user = Command::new("id").arg("-u").output().expect("id starts").stdout;
    if user.trim_ascii() == b"0" {
        let owned = Command::new("chown").arg("postgres").arg(folder).status().expect("chown starts");
        assert!(owned.success(), "there is a user postgres");
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
        command
    } else {
        Command::new("env")
    }
}
