use std::time::Instant;
use tiaoji_core::{instance::Instance, bound::*, best::Best, method::*, stop::Never};
#[test]
fn probe() {
    let path = std::env::var("SC").unwrap();
    let s = tiaoji_formats::read_path(path.as_ref()).unwrap().scenario;
    let inst = Instance::new(&s);
    for c in inst.components.iter().filter(|c| c.size() > 1500) {
        let t = Instant::now();
        let mut best = Best::new(c);
        let last = std::cell::Cell::new(Instant::now());
        let n = std::cell::Cell::new(0);
        priced::improve(c, &mut best, 2e-5, &Never, &|b| { n.set(n.get()+1); println!("   round {} gap {:.6}% {:?}", n.get(), 100.0*b.gap(), last.get().elapsed()); });
        let w = worth_considering(c, &best.prices, best.objective);
        println!("size {} pairs {} periods {} priced {:?} gap {:.6}% considered {}", c.size(), c.pairs.len(), c.periods.len(), t.elapsed(), 100.0*best.gap(), w.iter().flatten().filter(|&&b| b).count());
        let (o,b)=(best.objective,best.bound);
        let t = Instant::now();
        exact::improve(c, &mut best, Default::default(), &Never);
        println!("  exact {:?} gap {:.6}", t.elapsed(), best.gap()); let d=(c.baseline-best.objective) as f64; println!("plan off {:.5}% bound off {:.5}%", 100.0*(o-best.objective) as f64/d, 100.0*(best.objective-b) as f64/d);
    }
}
