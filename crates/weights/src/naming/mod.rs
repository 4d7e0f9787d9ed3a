//! Whose names a checkpoint's tensors go by, and those names turned into torchvision's.

use super::mobilenet::BLOCKS_IN_GROUPS;

/// The names of a checkpoint's tensors: how they begin, and whose they are after that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Naming {
    /// What stands before every name: nothing, or for instance `state_dict.` or `module.`.
    prefix: String,
    family: Family,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Torchvision,
    Timm,
}

impl Family {
    const ALL: [Self; 2] = [Self::Torchvision, Self::Timm];

    /// The first convolution's weights.
    fn first(self) -> &'static str {
        match self {
            Self::Torchvision => "features.0.0.weight",
            Self::Timm => "conv_stem.weight",
        }
    }
}

impl Naming {
    /// Finds the network among the names of all tensors. Where a checkpoint holds several, it is one that is no running
    /// average (`ema`) of the weights, and of those the one with the shortest prefix. `None` when the names are neither torchvision's nor
    /// timm's.
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Option<Self> {
        let candidates = names.flat_map(|name| {
            Family::ALL.into_iter().filter_map(move |family| {
                let prefix = name.strip_suffix(family.first())?;
                (prefix.is_empty() || prefix.ends_with('.')).then_some((prefix, family))
            })
        });
        let (prefix, family) =
            candidates.min_by_key(|(prefix, family)| (is_average(prefix), prefix.len(), *prefix, *family as u8))?;
        Some(Self { prefix: prefix.to_owned(), family })
    }

    /// Torchvision's name of the tensor `name`: `None` when it is no part of the network that was found. A name that
    /// MobileNetV2 does not have stays as it is after the prefix.
    pub fn torchvision(&self, name: &str) -> Option<String> {
        let name = name.strip_prefix(&self.prefix)?;
        match self.family {
            Family::Torchvision => Some(name.to_owned()),
            Family::Timm => Some(from_timm(name).unwrap_or_else(|| name.to_owned())),
        }
    }
}

/// Whether a prefix speaks of an exponential moving average, as `model_ema.` does.
fn is_average(prefix: &str) -> bool {
    prefix.split(['.', '_']).any(|word| word == "ema")
}

/// Torchvision's name for one of timm's `mobilenetv2_*`; `None` for a name that those do not have.
fn from_timm(name: &str) -> Option<String> {
    let (module, parameter) = name.rsplit_once('.')?;
    let last = BLOCKS_IN_GROUPS.iter().sum::<usize>() + 1;
    let theirs = match module {
        "conv_stem" => "features.0.0".to_owned(),
        "bn1" => "features.0.1".to_owned(),
        "conv_head" => format!("features.{last}.0"),
        "bn2" => format!("features.{last}.1"),
        "classifier" => "classifier.1".to_owned(),
        _ => {
            let mut parts = module.strip_prefix("blocks.")?.splitn(3, '.');
            let (group, block, part) = (parts.next()?, parts.next()?, parts.next()?);
            let (group, block): (usize, usize) = (group.parse().ok()?, block.parse().ok()?);
            let before: usize = BLOCKS_IN_GROUPS.get(..group)?.iter().sum();
            if block >= *BLOCKS_IN_GROUPS.get(group)? {
                return None;
            }
            // Only the first block does not widen, which moves its parts one place to the front.
            let place = match (group, part) {
                (0, "conv_dw") => "0.0",
                (0, "bn1") => "0.1",
                (0, "conv_pw") => "1",
                (0, "bn2") => "2",
                (0, _) => return None,
                (_, "conv_pw") => "0.0",
                (_, "bn1") => "0.1",
                (_, "conv_dw") => "1.0",
                (_, "bn2") => "1.1",
                (_, "conv_pwl") => "2",
                (_, "bn3") => "3",
                _ => return None,
            };
            format!("features.{}.conv.{place}", before + block + 1)
        }
    };
    Some(format!("{theirs}.{parameter}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naming(names: &[&str]) -> Option<Naming> {
        Naming::of(names.iter().copied())
    }

    #[test]
    fn the_network_is_found_under_its_prefix() {
        let wrapped = naming(&["epoch", "state_dict.module.features.0.0.weight", "state_dict.module.x"]).unwrap();
        assert_eq!(
            wrapped.torchvision("state_dict.module.features.1.conv.1.weight").unwrap(),
            "features.1.conv.1.weight"
        );
        assert_eq!(wrapped.torchvision("optimizer.state.0"), None);
        assert_eq!(naming(&["stem.weight", "blocks.0.depthwise.weight"]), None);
        assert_eq!(naming(&["myfeatures.0.0.weight"]), None);
        assert_eq!(naming(&[]), None);
    }

    #[test]
    fn a_running_average_is_left_aside_whatever_the_order() {
        for names in [
            ["ema.features.0.0.weight", "model.module.features.0.0.weight"],
            ["model.module.features.0.0.weight", "ema.features.0.0.weight"],
        ] {
            let found = naming(&names).unwrap();
            assert_eq!(found.torchvision("model.module.a").as_deref(), Some("a"));
            assert_eq!(found.torchvision("ema.a"), None);
        }
        let alone = naming(&["state_dict_ema.conv_stem.weight"]).unwrap();
        assert_eq!(alone.torchvision("state_dict_ema.a").as_deref(), Some("a"));
    }

    #[test]
    fn timms_names_become_torchvisions() {
        let timm = naming(&["conv_stem.weight"]).unwrap();
        for (theirs, wanted) in [
            ("conv_stem.weight", "features.0.0.weight"),
            ("bn1.running_var", "features.0.1.running_var"),
            ("blocks.0.0.conv_dw.weight", "features.1.conv.0.0.weight"),
            ("blocks.0.0.bn1.bias", "features.1.conv.0.1.bias"),
            ("blocks.0.0.conv_pw.weight", "features.1.conv.1.weight"),
            ("blocks.0.0.bn2.weight", "features.1.conv.2.weight"),
            ("blocks.1.0.conv_pw.weight", "features.2.conv.0.0.weight"),
            ("blocks.3.3.conv_dw.weight", "features.10.conv.1.0.weight"),
            ("blocks.4.0.bn2.running_mean", "features.11.conv.1.1.running_mean"),
            ("blocks.6.0.conv_pwl.weight", "features.17.conv.2.weight"),
            ("blocks.6.0.bn3.weight", "features.17.conv.3.weight"),
            ("conv_head.weight", "features.18.0.weight"),
            ("bn2.bias", "features.18.1.bias"),
            ("classifier.weight", "classifier.1.weight"),
            // What only deeper or other networks have stays as it is.
            ("blocks.2.3.conv_pw.weight", "blocks.2.3.conv_pw.weight"),
            ("blocks.7.0.conv_pw.weight", "blocks.7.0.conv_pw.weight"),
            ("blocks.0.0.conv_pwl.weight", "blocks.0.0.conv_pwl.weight"),
            ("blocks.1.0.se.conv_reduce.weight", "blocks.1.0.se.conv_reduce.weight"),
        ] {
            assert_eq!(timm.torchvision(theirs).unwrap(), wanted);
        }
    }
}
