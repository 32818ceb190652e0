//! Made-up zones are valid, the same for the same seed, and of the size and density of the real thing.

use tiaoji_core::admissibility::admissible_pairs;
use tiaoji_core::scenario::Scenario;
use tiaoji_formats::{GenerateOptions, draft_to_folder_files, generate};

fn pairs(size: usize, seed: u64) -> usize {
    let options = GenerateOptions {
        firms: 125,
        surplus: size,
        shortage: size,
        days: 90,
        seed,
        ..GenerateOptions::default()
    };
    let scenario = Scenario::new(&generate(&options)).unwrap_or_else(|d| panic!("seed {seed}: {d:?}"));
    admissible_pairs(&scenario).len()
}

#[test]
fn density_is_that_of_the_zone() {
    let mean = |size| (1..=10).map(|seed| pairs(size, seed)).sum::<usize>() / 10;
    let (small, large) = (mean(150), mean(400));
    eprintln!("{small} {large}");
    assert!((380..=560).contains(&small), "{small} pairs of 150 + 150 postings");
    assert!((2_500..=3_500).contains(&large), "{large} pairs of 400 + 400 postings");
}

#[test]
fn the_seed_decides() {
    let zone =
        |seed| draft_to_folder_files(&generate(&GenerateOptions { seed, ..GenerateOptions::default() }));
    assert_eq!(zone(8), zone(8));
    assert_ne!(zone(8), zone(9));
}

#[test]
fn odd_sizes_are_valid() {
    for (firms, surplus, shortage, days) in [(0, 5, 5, 10), (1, 3, 3, 1), (2, 0, 4, 3), (700, 20, 20, 400)] {
        let options =
            GenerateOptions { firms, surplus, shortage, days, seed: 3, ..GenerateOptions::default() };
        assert!(Scenario::new(&generate(&options)).is_ok(), "{options:?}");
    }
    for (skills, span_km) in [(20, Some(1)), (21, None), (45, Some(500))] {
        let options = GenerateOptions { skills, span_km, ..GenerateOptions::default() };
        let scenario = Scenario::new(&generate(&options)).unwrap_or_else(|d| panic!("{options:?}: {d:?}"));
        assert_eq!(scenario.skills().len(), skills);
    }
}

#[test]
fn a_large_zone_is_made_in_no_time() {
    let options = GenerateOptions {
        firms: 10_000,
        surplus: 50_000,
        shortage: 50_000,
        days: 365,
        span_km: Some(60),
        skills: 200,
        seed: 1,
    };
    let draft = generate(&options);
    assert_eq!((draft.surplus.rows.len(), draft.shortage.rows.len()), (50_000, 50_000));
}
