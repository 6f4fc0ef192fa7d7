use super::*;

fn read(text: &str) -> Result<ProductTable, String> {
    ProductTable::read(DataFile { path: "my.csv", text }).map_err(|p| p.to_string())
}

const CHOICE: LogitDemand = LogitDemand {
    price_coefficient: -2.0,
    correlation: 0.4,
    size: 100.0,
    tastes: None,
};

#[test]
fn shares_come_back_and_prices_are_an_equilibrium_at_the_implied_costs() {
    let table =
        read("# mine\nproduct,firm,nest,price,share\na,x,1,1.5,0.2\nb,x,1,1.7,0.1\nc,y,2,1.4,0.3\n").unwrap();
    let market = table.market(&CHOICE, Vec::new()).unwrap();
    let found = market.equilibrium().unwrap();
    for (p, (price, share)) in found.products.iter().zip([(1.5, 0.2), (1.7, 0.1), (1.4, 0.3)]) {
        assert!(
            (p.price - price).abs() < 1e-9 && (p.share - share).abs() < 1e-9,
            "{p:?}"
        );
        assert!((p.units - 100.0 * share).abs() < 1e-7 && p.cost < p.price);
    }
    let units = read("product,firm,nest,price,units\na,x,1,1.5,20\nb,x,1,1.7,10\nc,y,2,1.4,30\n").unwrap();
    assert_eq!(units.market(&CHOICE, Vec::new()).unwrap(), market);
}

#[test]
fn what_is_wrong_is_told_with_line_and_field() {
    for (text, told) in [
        (
            "product,firm,prise,share\na,x,1,0.1\n",
            "my.csv:1: `prise` is no column of a product table\nmy.csv:1: column `price` is missing",
        ),
        (
            "product,firm,price\na,x,1\n",
            "my.csv:1: none of the columns `share`, `units` and `utility`",
        ),
        (
            "product,firm,price,share,units\na,x,1,0.1,4\n",
            "my.csv:1: more than one of the columns `share`, `units` and `utility`",
        ),
        (
            "product,firm,price,share\na,x,-1,0.1\nb,,1,2\n",
            "my.csv:2: field `price` is `-1` where a price above zero was expected\nmy.csv:3: field `firm` is empty\nmy.csv:3: field `share` is `2` where a share between 0 and 1 was expected",
        ),
        (
            "product,firm,price,cost,share\na,x,1,,0.1\n",
            "my.csv:2: field `cost` is empty where a cost, zero or more was expected",
        ),
        (
            "product,firm,price,share\na,x,1,0.1\na,x,1,0.1\n",
            "my.csv:3: product `a` stands at my.csv:2 too",
        ),
        (
            "product,firm,price,share\na,x,1\n",
            "my.csv:2: a row with another number of fields than the header",
        ),
        ("product,firm,price,share\n", "my.csv: a table without rows"),
    ] {
        assert_eq!(read(text).unwrap_err(), told);
    }
    let full = read("product,firm,price,share\na,x,1,0.6\nb,y,1,0.4\n").unwrap();
    assert!(
        full.market(&CHOICE, Vec::new())
            .unwrap_err()
            .to_string()
            .contains("add up to `1`")
    );
}
