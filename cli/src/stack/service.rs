//! One process among the services.

use crate::{Error, Result};
use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Serialize};
use std::{
    ffi::OsString,
    fs::{self, File},
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::process::{Child, Command};

/// How long a service may take to stop before it is killed.
const GRACE: Duration = Duration::from_secs(20);

/// How to start a service.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Its name in messages.
    pub name: &'static str,
    /// A program that runs another, and its arguments: what stands before the command. Often empty.
    pub wrapper: Vec<OsString>,
    /// The program and its arguments.
    pub command: Vec<OsString>,
    /// Environment, for what must not stand among the arguments.
    pub environment: Vec<(&'static str, String)>,
    /// Where its output goes.
    pub log: PathBuf,
    /// The signal that stops it cleanly.
    pub stop: Signal,
}

/// A running service.
#[derive(Debug)]
pub struct Service {
    spec: Spec,
    child: Child,
    identity: Identity,
}

/// A process that can be told from a later one with the same number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Identity {
    /// The service's name.
    pub name: String,
    /// The process's number.
    pub pid: i32,
    /// When it started, in the kernel's ticks since boot.
    pub started: u64,
    /// Number of the signal that stops it cleanly.
    pub stop: i32,
}

impl Service {
    /// Starts a service in `group`, or in a new group that it leads.
    ///
    /// Unless `detached`, the kernel stops it should this process die without doing so (`setpriv` asks for that).
    ///
    /// # Errors
    /// If the program is missing or the log cannot be written.
    pub fn start(spec: &Spec, group: &mut Option<i32>, detached: bool) -> Result<Self> {
        let log = File::create(&spec.log).map_err(Error::file("create", &spec.log))?;
        let errors = log.try_clone().map_err(Error::file("create", &spec.log))?;
        let mut words = spec.wrapper.clone();
        if !detached {
            // After the wrapper: whoever changes users loses the kernel's promise.
            let signal = if spec.stop == Signal::INT { "INT" } else { "TERM" };
            words.extend(["setpriv", "--pdeathsig", signal, "--"].map(OsString::from));
        }
        words.extend(spec.command.iter().cloned());
        let mut words = words.into_iter();
        let program = words.next().unwrap_or_default();
        let child = Command::new(&program)
            .args(words)
            .envs(spec.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .process_group(group.unwrap_or(0))
            .spawn()
            .map_err(|error| Error::ToolMissing {
                program: program.display().to_string(),
                remedy: format!("it cannot be started ({error}); scripts/setup installs what is needed"),
            })?;
        let pid = child.id().and_then(|pid| i32::try_from(pid).ok()).unwrap_or_default();
        group.get_or_insert(pid);
        let identity = Identity {
            name: spec.name.to_owned(),
            pid,
            started: start_ticks(pid).unwrap_or_default(),
            stop: spec.stop.as_raw(),
        };
        Ok(Self { spec: spec.clone(), child, identity })
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.spec.name
    }

    /// What tells it from other processes.
    pub fn identity(&self) -> Identity {
        self.identity.clone()
    }

    /// Waits until it says, in a line of its own, that it is `listening on` a URL that begins with `scheme`.
    ///
    /// # Errors
    /// If it stops before that, or takes too long.
    pub async fn listening(&mut self, scheme: &str, patience: Duration) -> Result<String> {
        let needle = format!(" listening on {scheme}");
        self.until(patience, move |log| {
            let line = log.lines().find(|line| line.contains(&needle))?;
            Some(line.rsplit(' ').next()?.to_owned())
        })
        .await
    }

    /// Waits until `ready` finds in its log what it looks for.
    ///
    /// # Errors
    /// If it stops before that, or takes too long.
    pub async fn until<T>(&mut self, patience: Duration, ready: impl Fn(&str) -> Option<T>) -> Result<T> {
        let end = Instant::now() + patience;
        loop {
            if let Some(found) = ready(&fs::read_to_string(&self.spec.log).unwrap_or_default()) {
                return Ok(found);
            }
            if let Some(error) = self.failed() {
                return Err(error);
            }
            if Instant::now() > end {
                return Err(self.error(format!("did not start within {} s", patience.as_secs())));
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// Whether it has stopped by itself.
    pub fn failed(&mut self) -> Option<Error> {
        let status = self.child.try_wait().ok().flatten()?;
        Some(self.error(format!("stopped ({status})")))
    }

    fn error(&self, what: String) -> Error {
        let text = fs::read_to_string(&self.spec.log).unwrap_or_default();
        let last = text.lines().rev().find(|line| !line.trim().is_empty()).map(str::to_owned);
        Error::Service { service: self.spec.name, what, log: self.spec.log.clone(), last }
    }

    /// Stops it cleanly, or kills it if that takes too long.
    pub async fn stop(mut self) {
        // Nothing once it is known to have ended: its number may be another's by now.
        if let Some(pid) = self.child.id().and_then(|pid| i32::try_from(pid).ok()) {
            send(pid, self.spec.stop);
        }
        if tokio::time::timeout(GRACE, self.child.wait()).await.is_err() {
            self.kill().await;
        }
    }

    /// Kills it where it stands.
    pub async fn kill(mut self) {
        // An error here means that it is gone already.
        let _ = self.child.kill().await;
    }

    /// Lets it run on.
    pub fn leave(self) {}
}

impl Identity {
    /// This process, which ends on SIGINT.
    pub fn own(name: &str) -> Self {
        let pid = i32::try_from(std::process::id()).unwrap_or_default();
        let started = start_ticks(pid).unwrap_or_default();
        Self { name: name.to_owned(), pid, started, stop: Signal::INT.as_raw() }
    }

    /// Whether this very process still runs.
    pub fn is_alive(&self) -> bool {
        start_ticks(self.pid) == Some(self.started)
    }

    /// Asks it to stop, if it still runs, and waits until it has.
    pub async fn stop(&self) -> bool {
        if !self.is_alive() {
            return false;
        }
        send(self.pid, Signal::from_named_raw(self.stop).unwrap_or(Signal::TERM));
        let end = Instant::now() + GRACE;
        while self.is_alive() {
            if Instant::now() > end {
                send(self.pid, Signal::KILL);
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        true
    }
}

fn send(pid: i32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid) {
        // An error means that it is gone, which is what is wanted.
        let _ = kill_process(pid, signal);
    }
}

/// When a process started, in ticks since boot; nothing if there is none, or only its unreaped remains. Field 22 of
/// `/proc/PID/stat`, counted after the name, which may hold spaces (proc(5)).
fn start_ticks(pid: i32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    if fields.next()? == "Z" {
        return None;
    }
    fields.nth(18)?.parse().ok()
}
