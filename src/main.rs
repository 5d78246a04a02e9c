//! Hands the arguments and streams of the process to [`dhakira::cli::run`].

use std::process::ExitCode;

fn main() -> ExitCode {
    dhakira::cli::run(std::env::args_os())
}
