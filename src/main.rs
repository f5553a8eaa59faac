//! The program: hands the command line, the environment and the clock to the library.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok();
    relais::cli::run(std::env::args_os(), epoch.as_deref(), jiff::Timestamp::now)
}
