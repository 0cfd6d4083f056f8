//! The program as people start it.

use api::model::Problem;
use reqwest::StatusCode;
use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Child, Command, Output, Stdio},
};

fn gaia_api() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gaia-api"));
    command.env_remove("GAIA_DATABASE_URL").env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

fn ends(command: &mut Command) -> (Output, String) {
    let output = command.output().expect("the program starts");
    let said = String::from_utf8(output.stderr.clone()).expect("text");
    (output, said)
}

/// A program that runs until it is dropped.
struct Running {
    child: Child,
    url: String,
}

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut line).expect("a line");
        let url = line.strip_prefix("gaia-api listening on ").expect("the line with the URL").trim_end().to_owned();
        Self { child, url }
    }

    /// Tells it to stop; its exit code, and what it said.
    fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let kill = Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("kill");
        assert!(kill.success());
        let status = self.child.wait().expect("it ends");
        let mut said = String::new();
        self.child.stderr.take().expect("piped").read_to_string(&mut said).expect("text");
        (status.code(), said)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails only if it has ended already.
        let _ = self.child.kill();
    }
}

/// A database that is not there, with a secret in its URL.
const DATABASE: &str = "postgres://somebody:secret@127.0.0.1:1/nothing";

#[tokio::test]
async fn it_starts_before_its_database_and_stops_when_told() {
    for signal in ["-INT", "-TERM"] {
        let running = Running::start(gaia_api().args(["run", "--database", DATABASE, "--listen", "127.0.0.1:0"]));
        let health = reqwest::get(format!("{}/healthz", running.url)).await.expect("a response");
        assert_eq!(health.status(), StatusCode::OK);
        let (code, said) = running.stop(signal);
        assert_eq!(code, Some(0), "{said}");
    }
}

#[tokio::test]
async fn it_never_says_the_databases_password() {
    let mut command = gaia_api();
    command.args(["run", "--listen", "127.0.0.1:0"]).env("GAIA_DATABASE_URL", DATABASE).env("RUST_LOG", "trace");
    let running = Running::start(&mut command);
    let response = reqwest::get(format!("{}/readyz", running.url)).await.expect("a response");
    let problem: Problem = response.json().await.expect("a problem");
    assert_eq!(problem.status, 503);
    let (_, said) = running.stop("-TERM");
    assert!(said.contains("not ready") && !said.contains("secret"), "{said}");
}

#[test]
fn its_help_does_not_show_the_environment() {
    let (output, _) = ends(gaia_api().args(["run", "--help"]).env("GAIA_DATABASE_URL", DATABASE));
    let help = String::from_utf8(output.stdout).expect("text");
    assert!(help.contains("GAIA_DATABASE_URL") && !help.contains("secret"), "{help}");
}

#[test]
fn a_port_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("any port is free");
    let address = taken.local_addr().expect("an address").to_string();
    let (output, said) = ends(gaia_api().args(["run", "--database", DATABASE, "--listen", &address]));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        said,
        format!(
            "gaia-api: {address} is already in use: stop the program that listens there, or choose another port with \
             --listen\n"
        )
    );
}

#[test]
fn a_wrong_database_url() {
    let (output, said) = ends(gaia_api().args(["run", "--database", "mysql://somebody:secret@localhost/x"]));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(said, "gaia-api: the database's URL is not valid: it must look like postgres://USER@HOST:PORT/NAME\n");
}

#[test]
fn no_database_url() {
    let (output, said) = ends(gaia_api().arg("run"));
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("--database <URL>"), "{said}");
}

#[test]
fn it_prints_its_description() {
    let (output, said) = ends(gaia_api().arg("openapi"));
    assert!(output.status.success(), "{said}");
    assert_eq!(String::from_utf8(output.stdout).expect("text"), api::openapi::json().expect("a description"));
}
