//! Where things are when nobody says: the memory, the configuration and the prompt's history.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::error::{CommandError, Doing};

const FOLDER: &str = "dhakira";
const MEMORY_NAME: &str = "memory.dhakira";
const CONFIG_NAME: &str = "config.toml";
const HISTORY_NAME: &str = "history.txt";

/// The memory of this user: `memory.dhakira` in the user's data folder (`$XDG_DATA_HOME` or `~/.local/share`).
pub(crate) fn default_memory() -> Result<PathBuf, CommandError> {
    let strategy = etcetera::choose_base_strategy()
        .doing(|| "can't tell where your memory is".into())
        .map_err(|e| e.hint("name it with --memory FILE or DHAKIRA_MEMORY"))?;
    Ok(strategy.data_dir().join(FOLDER).join(MEMORY_NAME))
}

/// The user's configuration: `$XDG_CONFIG_HOME` or `~/.config`; `None` where there is no home.
pub(crate) fn user_config() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.config_dir().join(FOLDER).join(CONFIG_NAME))
}

/// A path with `~/` at its head replaced by the home folder, where there is one.
pub(crate) fn at_home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), etcetera::home_dir()) {
        (Some(rest), Ok(home)) => home.join(rest),
        _ => path.into(),
    }
}

/// Where the prompt keeps the lines it was given: `$XDG_STATE_HOME` or `~/.local/state`.
pub(crate) fn prompt_history() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    let folder = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    Some(folder.join(FOLDER).join(HISTORY_NAME))
}
