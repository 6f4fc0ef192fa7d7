use strait::catalog::Catalog; use strait::data::{DataSet,load_sources}; use strait::perf::*; use strait::scenario::Scenario;
use strait::perf::training::StepSummary;
fn main(){
 let data=DataSet::embedded(); let s=load_sources(&data).unwrap();
 let m=PerfModel::load(&data,&s).unwrap_or_else(|p|panic!("{p}"));
 let c=Catalog::load(&data,&Scenario::default()).unwrap();
 let leave=std::env::args().nth(1).is_some();
 if leave { let f=m.calibrate_training(|i|c.get(i)); println!("{}",f.to_toml()); }
 let r=m.validate_training(|i|c.get(i),leave);
 for x in &r.rows{ {println!("{} {} {} {:.3} {:.3} {:+.1}% left {:+.1}% floor {:+.1}%",x.id,x.chip,x.source,strait::figure::Quantity::get(x.measured),strait::figure::Quantity::get(x.computed),x.error*100.,x.left_out.unwrap_or(0.)*100.,x.floor.unwrap_or(0.)*100.)}}
 println!("{:?}",StepSummary::of(r.rows.iter().map(|x|x.error)));
 println!("{:?}",StepSummary::of(r.rows.iter().filter_map(|x|x.left_out)));
 for f in ["ampere","hopper"]{ println!("{f} {:?}",StepSummary::of(r.rows.iter().filter(|x|x.family==f).filter_map(|x|x.left_out)));println!("{f} floor {:?}",StepSummary::of(r.rows.iter().filter(|x|x.family==f).filter_map(|x|x.floor)));}
 println!("{} skipped",r.skipped.len()); println!("{:?}",&r.skipped[..3.min(r.skipped.len())]);
}
