//! Other programs, run to their end.

use std::{
    collections::VecDeque,
    io::{self, BufRead, BufReader, Read},
    process::{Command, Stdio},
    thread,
};

use crate::BuildError;

/// How many lines of what a failed program said are told: enough for the first errors of a compiler.
const TOLD: usize = 80;

/// A program: how it is called, and which Debian package has it.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    pub name: &'static str,
    pub package: &'static str,
}

pub const CARGO: Program = Program { name: "cargo", package: "Rust with rustup (https://rustup.rs)" };
pub const RUSTC: Program = Program { name: "rustc", package: "Rust with rustup (https://rustup.rs)" };
pub const WASM_OPT: Program = Program { name: "wasm-opt", package: "binaryen (apt-get install binaryen)" };

/// Runs `command` and gives what it wrote to its standard output. `heard` is given each line of its standard error
/// as it comes.
pub fn run(
    mut command: Command,
    program: Program,
    doing: impl Fn() -> String,
    mut heard: impl FnMut(&str),
) -> Result<Vec<u8>, BuildError> {
    let missing = |source| BuildError::ToolMissing { program: program.name, package: program.package, source };
    let lost = BuildError::io("read from", program.name);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(missing)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let mut said = VecDeque::with_capacity(TOLD);
    let answer = thread::scope(|scope| {
        // Both pipes are emptied at once: a program blocks when either is full.
        let answer = scope.spawn(move || -> io::Result<Vec<u8>> {
            let mut answer = Vec::new();
            if let Some(mut stdout) = stdout {
                stdout.read_to_end(&mut answer)?;
            }
            Ok(answer)
        });
        for line in stderr.into_iter().flat_map(|stderr| BufReader::new(stderr).split(b'\n')) {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            heard(&line);
            if said.len() == TOLD {
                said.pop_front();
            }
            said.push_back(line.into_owned());
        }
        answer.join().unwrap_or_else(|_| Err(io::Error::other("the reading thread panicked")))
    });
    let status = child.wait();
    let (answer, status) = match (answer, status) {
        (Ok(answer), Ok(status)) => (answer, status),
        (Err(source), _) | (_, Err(source)) => return Err(lost(source)),
    };
    if status.success() {
        return Ok(answer);
    }
    Err(BuildError::ToolFailed {
        doing: doing(),
        program: program.name,
        status: status.to_string(),
        output: Vec::from(said).join("\n"),
    })
}
