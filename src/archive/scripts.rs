//! Scripts that move the originals into place: one for a POSIX shell, one for PowerShell.
//!
//! Run in the folder that holds the dropped one, they make a folder a cluster and move each picture there. Nothing is
//! ever written over: a picture that is not there, or whose place is taken, stays and is named. No name is taken for an
//! option, a pattern or a command, and no path leads out of the folder.
//!
//! Sources: POSIX.1-2024, "Shell Command Language", 2.2.2, for quoting; for PowerShell, whose strings also end at
//! typographic quotes, Microsoft's `CodeGeneration.EscapeSingleQuotedStringContent`.

use super::plan::Placed;

const SH_START: &str = r#"#!/bin/sh
# Moves pictures into one folder a group.
# Run this in the folder that holds the one with the pictures. Nothing is overwritten.
skip() {
    printf 'skipped, %s: %s\n' "$1" "$2" >&2
    skipped=$((skipped + 1))
}
place() {
    if [ ! -f "$1" ]; then
        skip 'not there' "$1"
    elif [ -e "$2/$3" ] || [ -L "$2/$3" ]; then
        skip 'its place is taken' "$1"
    elif mkdir -p "$2" && mv "$1" "$2/$3"; then
        moved=$((moved + 1))
    else
        skip 'it cannot be moved' "$1"
    fi
}
moved=0
skipped=0
"#;

const SH_END: &str = r#"printf '%s moved, %s skipped\n' "$moved" "$skipped"
[ "$skipped" -eq 0 ]
"#;

// .NET's own functions, since those of PowerShell take brackets for patterns.
const POWERSHELL_START: &str = r#"# Moves pictures into one folder a group.
# Run this in the folder that holds the one with the pictures. Nothing is overwritten.
$here = (Get-Location).ProviderPath
$script:moved = 0
$script:skipped = 0
function Skip-Picture($reason, $path) {
    Write-Host "skipped, ${reason}: $path"
    $script:skipped++
}
function Move-Picture($path, $folder, $name) {
    $from = [IO.Path]::Combine($here, $path)
    $folder = [IO.Path]::Combine($here, $folder)
    $to = [IO.Path]::Combine($folder, $name)
    if (-not [IO.File]::Exists($from)) {
        Skip-Picture 'not there' $path
    } elseif ([IO.File]::Exists($to) -or [IO.Directory]::Exists($to)) {
        Skip-Picture 'its place is taken' $path
    } else {
        try {
            [void][IO.Directory]::CreateDirectory($folder)
            [IO.File]::Move($from, $to)
            $script:moved++
        } catch {
            Skip-Picture 'it cannot be moved' $path
        }
    }
}
"#;

const POWERSHELL_END: &str = "Write-Host \"$script:moved moved, $script:skipped skipped\"\n";

/// A POSIX sh script that moves each picture of a plan into place; UTF-8, lines ended by LF.
///
/// It fails when a picture was skipped. Pictures that are in place already are left out.
pub fn sh_script(placed: &[Placed]) -> String {
    let mut script = SH_START.to_owned();
    for step in steps(placed) {
        script.push_str(&match step {
            Step::Place { path, folder, name } => {
                format!("place {} {} {}\n", sh_quoted(&path), sh_quoted(&folder), sh_quoted(name))
            }
            Step::Skip { path } => format!("skip {} {}\n", sh_quoted(OUTSIDE), sh_quoted(path)),
        });
    }
    script + SH_END
}

/// A PowerShell script that moves each picture of a plan into place; lines ended by CR LF, and UTF-8 with a byte-order
/// mark, without which Windows PowerShell reads it in another encoding.
///
/// Pictures that are in place already are left out.
pub fn powershell_script(placed: &[Placed]) -> String {
    let mut script = format!("\u{feff}{}", POWERSHELL_START.replace('\n', "\r\n"));
    let quoted = powershell_quoted;
    for step in steps(placed) {
        script.push_str(&match step {
            Step::Place { path, folder, name } => {
                format!("Move-Picture {} {} {}\r\n", quoted(&path), quoted(&folder), quoted(name))
            }
            Step::Skip { path } => format!("Skip-Picture {} {}\r\n", quoted(OUTSIDE), quoted(path)),
        });
    }
    script + &POWERSHELL_END.replace('\n', "\r\n")
}

/// Why a picture is skipped whose path leads elsewhere.
const OUTSIDE: &str = "outside of this folder";

/// What a script does about a picture.
enum Step<'a> {
    Place { path: String, folder: String, name: &'a str },
    Skip { path: &'a str },
}

fn steps(placed: &[Placed]) -> impl Iterator<Item = Step<'_>> {
    placed.iter().filter(|Placed { path, entry_name }| path != entry_name).map(|Placed { path, entry_name }| {
        if path.split(['/', '\\']).any(|part| part == "..") {
            return Step::Skip { path };
        }
        let (folder, name) = entry_name.rsplit_once('/').unwrap_or((".", entry_name));
        // What begins so is neither an option nor an absolute path, whatever follows.
        Step::Place { path: format!("./{path}"), folder: format!("./{folder}"), name }
    })
}

/// One word of a POSIX shell: within single quotes everything but a single quote is itself.
fn sh_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// One string of PowerShell: a single quote of whatever shape stands for itself when it is doubled.
fn powershell_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for character in text.chars() {
        if matches!(character, '\'' | '\u{2018}'..='\u{201b}') {
            quoted.push(character);
        }
        quoted.push(character);
    }
    quoted.push('\'');
    quoted
}
