"""A small company as files, one row or more in each, for the tests of loading and of the operator's tool."""

from pathlib import Path

FILES = {
    "company.csv": "name,currency,tax_basis,time_zone\n清泉,CNY,included,Asia/Shanghai\n",
    "regions.csv": "code,name,name_en\n01,东区,East\n",
    "markets.csv": "code,region,name\n001,01,临江\n",
    "users.csv": "account,name,role\nlimin,李敏,rep\nchentao,陈涛,rep\nzhoulan,周岚,manager\n",
    "user_regions.csv": "account,region\nzhoulan,01\n",
    "distributors.csv": (
        "code,market,name,short_name,lead_time_days\n"
        "0007,001,临江宏达商贸有限公司,宏达商贸,9\n"
        "0008,001,城东永兴批发部,,\n"
    ),
    "contacts.csv": "code,distributor,name,buying_role,phone\nC1,0007,王建国,decider,013800001111\n",
    "assignments.csv": (
        "distributor,rep,from_on,to_on\n"
        "0007,chentao,2025-01-01,2026-01-01\n0007,limin,2026-01-01,\n0008,limin,2026-01-01,\n"
    ),
    "products.csv": (
        "code,name,is_own,maker,rivals_product,unit,pack_size\n"
        "R01,恒岳绿茶,no,恒岳,0001,bottle,15\n0001,绿茶 500 ml,yes,,,bottle,15\n0002,冰红茶,yes,,,bottle,15\n"
    ),
    "price_policies.csv": "product,market,kind,low,high,from_on\n0001,,selling,2.53,2.76,2026-01-01\n",
    "purchase_prices.csv": "product,from_on,price\n0001,2026-01-01,2.3\n",
    "order_rules.csv": "abc_class,policy,service_level\nA,service_level,0.97\n",
    "stock_levels.csv": "distributor,product,min_level,max_level\n0007,0001,150,600\n",
    "promotions.csv": "code,name,product,uplift,from_on,to_on\nP1,岁末,0001,0.3,2026-12-01,2027-01-01\n",
    "promotion_goods.csv": "code,promotion,distributor,item,issued,issued_on\nG1,P1,0007,保温袋,50,2026-12-02\n",
    "sell_in.csv": "distributor,document,product,on,quantity,amount\n0007,FH-1,0001,2026-11-03,150,345.00\n",
    "sell_out.csv": (
        "distributor,product,from_on,to_on,quantity,revenue\n"
        "0007,0001,2026-11-02,2026-11-09,120,318.40\n0007,R01,2026-11-02,2026-11-09,90,\n"
    ),
    "stock_counts.csv": "distributor,product,counted_on,quantity\n0007,0001,2026-11-09,30\n",
    "prices.csv": "distributor,product,kind,observed_on,amount,unit\n0007,0001,selling,2026-11-09,39.5,case\n",
    "credit_terms.csv": "distributor,from_on,credit_limit,term_days\n0007,2026-01-01,80000,30\n",
    "collateral.csv": "code,distributor,kind,description,value,recorded_on\nK1,0007,deposit,保证金,20000,2026-01-01\n",
    "ledger.csv": (
        "distributor,side,entry,on,reference,kind,amount,text,sign\n"
        "0007,ours,E1,2026-11-03,FH-1,invoice,345.00,,\n"
        "0007,theirs,,2026-11-04,fh1,invoice,-345.00,进货,theirs\n"
    ),
    "open_items.csv": (
        "distributor,document,kind,on,due_on,amount,open,as_of_on\n"
        "0007,FH-1,invoice,2026-11-03,2026-12-03,345.00,345.00,2026-11-20\n"
    ),
    "differences.csv": "distributor,ours,theirs,owner,since\n0007,E1,,周岚,2025-03-31\n",
    "checklists.csv": "code,checklist,text\ntools-1,tools,价格表\n",
    "news.csv": "code,kind,text,from_on,to_on\nN1,company,新线投产,2026-11-01,2026-12-01\n",
    "visits_planned.csv": "code,distributor,rep,planned_on,planned_time\nV1,0007,limin,2026-11-25,10:00\n",
    "objectives.csv": "visit,position,kind,text,target\nV1,1,order_amount,本次订货,11000\n",
    "complaints.csv": "code,distributor,kind,text,recorded_by,recorded_on\nB1,0008,quality,瓶盖渗漏,limin,2026-11-16\n",
    "prospects.csv": "code,market,rep,name,recorded_on\nQ1,001,limin,万顺商贸,2026-11-10\n",
}


def write_folder(folder: Path, **changed: str) -> Path:
    """Writes all files, those named without their ending in `changed` with the text given there."""
    for name, text in {**FILES, **{f"{stem}.csv": text for stem, text in changed.items()}}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def write_files(folder: Path, **files: str) -> Path:
    """Writes only the files named, in a folder of their own."""
    made = folder / f"load{len(list(folder.iterdir()))}"
    made.mkdir()
    for stem, text in files.items():
        (made / f"{stem}.csv").write_text(text, encoding="utf-8")
    return made
