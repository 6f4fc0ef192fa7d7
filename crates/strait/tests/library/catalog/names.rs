//! What people type, and the chip it means.

use super::shipped;

#[test]
fn names_resolve_as_people_type_them() {
    let catalog = shipped();
    for (typed, id, by_family) in [
        ("h20", "nvidia-h20-96gb", true),
        ("H20 141", "nvidia-h20-141gb", false),
        ("nv-h20-96", "nvidia-h20-96gb", false),
        ("H100", "nvidia-h100-sxm", true),
        ("NVIDIA H100", "nvidia-h100-sxm", true),
        ("a100", "nvidia-a100-sxm-80gb", true),
        ("a800", "nvidia-a800-sxm", true),
        ("h800", "nvidia-h800-sxm", true),
        ("h200", "nvidia-h200-sxm", true),
        ("l20", "nvidia-l20", false),
        ("L2", "nvidia-l2", false),
        ("b30a", "nvidia-b30a", false),
        ("4090d", "nvidia-rtx-4090d", false),
        ("RTX 4090 D", "nvidia-rtx-4090d", false),
        ("mi308x", "amd-mi308x", false),
        ("MI300X", "amd-mi300x", false),
        ("ascend-910b", "huawei-ascend-910b1", true),
        ("910b", "huawei-ascend-910b1", true),
        ("910B2", "huawei-ascend-910b2", false),
        ("910C", "huawei-ascend-910c", true),
        ("huawei 910c", "huawei-ascend-910c", true),
        ("ascend 950pr", "huawei-ascend-950pr", true),
        ("kunlun p800", "baidu-kunlun-p800", false),
        ("P800", "baidu-kunlun-p800", false),
        ("590", "cambricon-590", false),
    ] {
        let found = catalog.resolve(typed).unwrap_or_else(|e| panic!("{typed}: {e}"));
        assert_eq!(
            (found.chip.id.0.as_str(), found.by_family),
            (id, by_family),
            "{typed}"
        );
    }
    let siblings = catalog.resolve("h20").unwrap().siblings;
    assert_eq!(
        siblings.iter().map(|c| c.id.0.as_str()).collect::<Vec<_>>(),
        ["nvidia-h20-141gb"]
    );
}

#[test]
fn a_near_miss_is_suggested() {
    let error = shipped().resolve("hh20").unwrap_err();
    assert_eq!(error.to_string(), "no chip `hh20` in the catalog");
    assert_eq!(error.near[0], "h20");
    let help = miette::Diagnostic::help(&error).unwrap().to_string();
    assert!(help.starts_with("did you mean `h20`"), "{help}");
}

#[test]
fn every_id_alias_and_former_id_means_its_own_chip() {
    let catalog = shipped();
    for chip in catalog.iter() {
        let former = chip.former_ids.iter().map(|id| id.0.as_str());
        let aliases = chip.aliases.iter().map(String::as_str);
        for name in [chip.id.0.as_str(), chip.name.as_str()]
            .into_iter()
            .chain(aliases)
            .chain(former)
        {
            assert_eq!(catalog.resolve(name).unwrap().chip.id, chip.id, "{name}");
        }
    }
}
