use proptest::prelude::*;

use super::*;

#[test]
fn folder_names_are_safe_everywhere() {
    for (name, safe) in [
        ("Cats", "Cats"),
        ("Żółw 🐢", "Żółw 🐢"),
        ("", "group"),
        ("..", "group"),
        (" . . ", "group"),
        ("../../etc", "_.._etc"),
        ("a/b\\c:d", "a_b_c_d"),
        ("what? <yes>|*\"", "what_ _yes____"),
        ("trailing. . ", "trailing"),
        (".hidden", "hidden"),
        ("CON", "CON_"),
        ("con.txt", "con_.txt"),
        ("Com1", "Com1_"),
        ("lpt¹.x", "lpt¹_.x"),
        ("COM10", "COM10"),
        ("console", "console"),
        ("nul ", "nul_"),
        ("a\u{0}b\nc\u{7f}", "abc"),
        ("gpj\u{202e}exe\u{2066}", "gpjexe"),
    ] {
        assert_eq!(safe_folder_name(name), safe, "{name:?}");
    }
    assert_eq!(safe_folder_name(&"é".repeat(300)).chars().count(), 99);
    assert!(safe_folder_name(&"🐢".repeat(300)).len() < 255);
}

#[test]
fn file_names_are_kept_where_they_can_be() {
    for (path, safe) in [
        ("trip/day 1/IMG_0001.JPG", "IMG_0001.JPG"),
        ("трип/фото (3).jpeg", "фото (3).jpeg"),
        ("-rf.jpg", "-rf.jpg"),
        ("a\\b:c.jpg", "a_b_c.jpg"),
        ("aux.jpg", "aux_.jpg"),
        ("x/..", "picture"),
        ("a\u{202e}gpj.exe", "agpj.exe"),
    ] {
        assert_eq!(safe_file_name(path), safe, "{path:?}");
    }
    let long = safe_file_name(&format!("{}.jpg", "長".repeat(200)));
    assert!(long.len() <= 255 && long.ends_with("長.jpg"));
    for end in [". x", " .x", "...  x"] {
        let cut = safe_file_name(&format!("{}{end}{}", "x".repeat(254), "y".repeat(60)));
        assert!(cut.len() > 200 && !cut.ends_with(['.', ' ']), "{cut:?}");
    }
}

#[test]
fn names_are_unique_whatever_their_case() {
    let mut names = UniqueNames::in_folder("", str::to_owned);
    let mut file = |name: &str| names.claim(name, Kind::File);
    assert_eq!(file("a.jpg"), "a.jpg");
    assert_eq!(file("A.JPG"), "A (2).JPG");
    assert_eq!(file("a.jpg"), "a (3).jpg");
    assert_eq!(file("a (2).jpg"), "a (2) (2).jpg");
    assert_eq!(file("noextension"), "noextension");
    assert_eq!(file("noextension"), "noextension (2)");
    let mut folders = UniqueNames::in_folder("", str::to_owned);
    let name = "v1.5 ".to_owned() + &"x".repeat(95);
    assert_eq!(folders.claim(&name, Kind::Folder), name);
    let second = folders.claim(&name, Kind::Folder);
    assert!(second.ends_with("x (2)") && second.chars().count() <= 100);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_name_becomes_a_safe_one(name in "\\PC{0,80}|[.: /\\\\a-cCON\u{0}-\u{20}\u{202a}-\u{202f}]{0,300}") {
        for safe in [safe_folder_name(&name), safe_file_name(&name)] {
            prop_assert!(!safe.is_empty() && safe.len() <= 255);
            prop_assert!(!safe.ends_with(['.', ' ']));
            let rejected = |character: char| character.is_control() || "<>:\"/\\|?*\u{202e}".contains(character);
            prop_assert!(!safe.contains(rejected));
        }
        prop_assert!(!safe_folder_name(&name).starts_with('.'));
        // A safe name is safe already.
        prop_assert_eq!(safe_folder_name(&safe_folder_name(&name)), safe_folder_name(&name));
    }

    #[test]
    fn no_name_is_given_twice(names in prop::collection::vec("[aA]( \\([23]\\))?(\\.j)?", 0..40)) {
        let mut taken = UniqueNames::in_folder("", str::to_owned);
        let mut given: Vec<_> = names.iter().map(|name| taken.claim(name, Kind::File).to_lowercase()).collect();
        given.sort();
        given.dedup();
        prop_assert_eq!(given.len(), names.len());
    }
}

#[test]
fn thousands_of_equal_names_take_no_thousands_of_tries() {
    let mut names = UniqueNames::in_folder("", str::to_owned);
    for number in 1..20_000 {
        let (name, others) = names.claim_with_sidecars("a.jpg", |name| vec![format!("{name}.xmp")]);
        let expected = if number == 1 { "a.jpg".to_owned() } else { format!("a ({number}).jpg") };
        assert_eq!((name.as_str(), others), (expected.as_str(), vec![format!("{expected}.xmp")]));
    }
}
