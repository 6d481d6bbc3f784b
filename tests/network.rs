//! The verdict in every situation there is, and reports as they come from outside.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code stops at surprises"
)]

use std::collections::BTreeMap;
use std::net::IpAddr;

use outbox_doctor::network::finding::situation_of;
use outbox_doctor::network::json;
use outbox_doctor::network::read::{MAX_BYTES, MAX_STAGES, MAX_TARGETS, plain};
use outbox_doctor::network::special::special;
use outbox_doctor::network::{
    Certificate, Clock, Code, Control, Egress, Event, Family, Here, Ipv6, Kind, Measurement, Mode,
    Moment, Portal, Progress, Reason, Report, Situation, Stage, Status, Target, There, Trouble,
    Vantage, Verdict, Weight, evidence, verdict,
};

const IPV6: [Ipv6; 3] = [Ipv6::Fine, Ipv6::Broken, Ipv6::Untested];
const CONTROL: [Control; 3] = [Control::Untested, Control::Works, Control::Fails];
const CLOCK: [Clock; 3] = [Clock::Unknown, Clock::Right, Clock::Wrong];
const PORTAL: [Portal; 3] = [Portal::Unknown, Portal::No, Portal::Yes];
const WEIGHT: [Weight; 3] = [Weight::Weak, Weight::Two, Weight::Three];

// --- every situation

fn every_here() -> Vec<Here> {
    let mut all = vec![Here::Absent, Here::Untested, Here::OtherPort, Here::Patchy];
    for ipv6 in IPV6 {
        all.extend([true, false].map(|genuine| Here::Works { ipv6, genuine }));
    }
    all.extend(Trouble::ALL.map(Here::Fails));
    all
}

fn every_there() -> Vec<There> {
    let mut all = vec![There::Absent, There::Untested, There::Split];
    for ipv6 in IPV6 {
        all.extend([true, false].map(|same_certificate| There::Works { ipv6, same_certificate }));
    }
    for weight in WEIGHT {
        all.extend(Trouble::ALL.map(|trouble| There::Fails(trouble, weight)));
    }
    all
}

fn every_situation() -> Vec<Situation> {
    let mut all = Vec::new();
    for here in every_here() {
        for there in every_there() {
            for control in CONTROL {
                for clock in CLOCK {
                    all.extend(PORTAL.map(|portal| Situation {
                        here,
                        there,
                        control,
                        clock,
                        portal,
                    }));
                }
            }
        }
    }
    all
}

fn works_here(it: Situation) -> bool {
    matches!(it.here, Here::Works { .. } | Here::OtherPort | Here::Patchy)
}

fn heavy(it: Situation) -> bool {
    matches!(it.there, There::Fails(_, Weight::Two | Weight::Three))
}

/// Every situation has this property; the first that has not is shown.
#[track_caller]
fn law(holds: impl Fn(Situation, Verdict) -> bool) {
    for it in every_situation() {
        let verdict = it.verdict();
        assert!(holds(it, verdict), "{verdict:?} in {it:?}");
    }
}

#[test]
fn the_enumeration_is_complete_and_reaches_every_verdict() {
    let all = every_situation();
    assert_eq!(all.len(), 24 * 51 * 27);
    for verdict in Verdict::ALL {
        assert!(all.iter().any(|it| it.verdict() == *verdict), "never {verdict:?}");
    }
}

#[test]
fn an_outage_needs_two_networks_and_nothing_that_works_here() {
    law(|it, verdict| {
        let outage = matches!(verdict, Verdict::ProbableOutage | Verdict::Outage);
        !outage || (heavy(it) && !works_here(it))
    });
    law(|it, verdict| {
        verdict != Verdict::Outage || matches!(it.there, There::Fails(_, Weight::Three))
    });
}

#[test]
fn one_side_alone_never_blames_the_provider() {
    // a local report and a public one that count are two networks: the server's own "busy"
    law(|it, verdict| {
        let both_busy = it.here == Here::Fails(Trouble::Busy)
            && matches!(it.there, There::Fails(Trouble::Busy, _));
        !verdict.blames_provider() || heavy(it) || both_busy
    });
}

#[test]
fn without_the_outside_nobody_is_down() {
    law(|it, verdict| {
        let alone = matches!(it.there, There::Absent | There::Untested);
        !alone || !verdict.blames_provider()
    });
}

#[test]
fn what_works_here_is_never_called_broken_here() {
    use Verdict as V;
    law(|it, verdict| {
        let fine = [
            V::Works,
            V::WorksHere,
            V::Partial,
            V::UseOtherPort,
            V::Intercepted,
            V::Ipv6AtYou,
            V::Ipv6AtProvider,
        ];
        !works_here(it) || fine.contains(&verdict)
    });
}

#[test]
fn blame_on_this_network_needs_a_measurement_here() {
    use Verdict as V;
    let ours = [
        V::PortBlocked,
        V::BlockedOnTheWay,
        V::NotFromHere,
        V::Refused,
        V::NameFailsHere,
        V::EncryptionStripped,
        V::Intercepted,
        V::ClockWrong,
        V::Ipv6AtYou,
        V::AddressRefused,
        V::UseOtherPort,
    ];
    law(|it, verdict| {
        !ours.contains(&verdict) || !matches!(it.here, Here::Absent | Here::Untested)
    });
}

#[test]
fn could_not_test_means_that_nobody_could() {
    law(|it, verdict| {
        let blind_there = matches!(it.there, There::Absent | There::Untested);
        let nameless = matches!(it.here, Here::Fails(trouble) if trouble.of_name())
            && it.control != Control::Works;
        let blind_here = matches!(it.here, Here::Absent)
            || ((it.here == Here::Untested || nameless) && it.portal != Portal::Yes);
        (verdict == V::CouldNotTest) == (blind_there && blind_here)
    });
    use Verdict as V;
}

#[test]
fn more_witnesses_never_weaken_an_outage() {
    let rank = |verdict| match verdict {
        Verdict::ProbableOutage => 1,
        Verdict::Outage => 2,
        _ => 0,
    };
    for it in every_situation() {
        let There::Fails(trouble, weight) = it.there else { continue };
        for more in WEIGHT.into_iter().filter(|more| *more > weight) {
            let stronger = Situation { there: There::Fails(trouble, more), ..it };
            assert!(rank(stronger.verdict()) >= rank(it.verdict()), "{it:?} and {more:?}");
        }
    }
}

#[test]
fn a_report_that_could_not_test_counts_as_none() {
    for it in every_situation().into_iter().filter(|it| it.there == There::Untested) {
        let absent = Situation { there: There::Absent, ..it };
        assert_eq!(it.verdict(), absent.verdict(), "{it:?}");
    }
    for it in every_situation() {
        if it.here == Here::Untested && it.portal != Portal::Yes {
            let absent = Situation { here: Here::Absent, ..it };
            assert_eq!(it.verdict(), absent.verdict(), "{it:?}");
        }
    }
}

#[test]
fn clock_and_portal_matter_only_where_they_can() {
    for it in every_situation() {
        if it.here != Here::Fails(Trouble::Dates) {
            let plain = Situation { clock: Clock::Unknown, ..it };
            assert_eq!(it.verdict(), plain.verdict(), "{it:?}");
        }
        if works_here(it) || it.here == Here::Absent || it.portal == Portal::No {
            let plain = Situation { portal: Portal::Unknown, ..it };
            assert_eq!(it.verdict(), plain.verdict(), "{it:?}");
        }
    }
}

// --- the rows of the table, in its order

const OUT: There = There::Works { ipv6: Ipv6::Untested, same_certificate: false };
const HERE: Here = Here::Works { ipv6: Ipv6::Untested, genuine: true };

fn situation(here: Here, there: There, control: Control) -> Situation {
    Situation { here, there, control, clock: Clock::Unknown, portal: Portal::Unknown }
}

#[track_caller]
fn row(here: Here, there: There, control: Control, expected: Verdict) {
    assert_eq!(situation(here, there, control).verdict(), expected);
}

#[test]
fn row_works_everywhere() {
    row(HERE, OUT, Control::Untested, Verdict::Works);
}

#[test]
fn row_the_other_port_works() {
    row(Here::OtherPort, OUT, Control::Works, Verdict::UseOtherPort);
}

#[test]
fn row_this_network_blocks_the_port() {
    row(Here::Fails(Trouble::Unreachable), OUT, Control::Fails, Verdict::PortBlocked);
}

#[test]
fn row_blocked_between_here_and_this_provider() {
    for trouble in [Trouble::Unreachable, Trouble::Silent, Trouble::Handshake] {
        row(Here::Fails(trouble), OUT, Control::Works, Verdict::BlockedOnTheWay);
    }
}

#[test]
fn row_refused() {
    for control in CONTROL {
        row(Here::Fails(Trouble::Refused), OUT, control, Verdict::Refused);
    }
}

#[test]
fn row_outage() {
    let here = Here::Fails(Trouble::Unreachable);
    row(here, There::Fails(Trouble::Refused, Weight::Two), Control::Works, Verdict::ProbableOutage);
    row(here, There::Fails(Trouble::Refused, Weight::Three), Control::Works, Verdict::Outage);
    row(here, There::Fails(Trouble::Silent, Weight::Three), Control::Works, Verdict::Undecided);
}

#[test]
fn row_too_little_to_say() {
    let here = Here::Fails(Trouble::Unreachable);
    row(here, There::Fails(Trouble::Unreachable, Weight::Weak), Control::Works, Verdict::Undecided);
    row(here, There::Untested, Control::Works, Verdict::Undecided);
}

#[test]
fn row_split() {
    for here in every_here().into_iter().filter(|it| *it != Here::Untested) {
        row(here, There::Split, Control::Works, Verdict::Partial);
    }
}

#[test]
fn row_works_here_and_fails_outside() {
    row(
        HERE,
        There::Fails(Trouble::Unreachable, Weight::Three),
        Control::Works,
        Verdict::WorksHere,
    );
}

#[test]
fn row_this_network_is_untested() {
    row(Here::Absent, OUT, Control::Untested, Verdict::ServerUp);
}

#[test]
fn row_names() {
    for trouble in [Trouble::NoName, Trouble::NameLookup] {
        row(Here::Fails(trouble), OUT, Control::Works, Verdict::NameFailsHere);
    }
    let nowhere = There::Fails(Trouble::NoName, Weight::Weak);
    row(Here::Fails(Trouble::NoName), nowhere, Control::Works, Verdict::WrongName);
    row(Here::Fails(Trouble::NameLookup), There::Absent, Control::Untested, Verdict::CouldNotTest);
}

#[test]
fn row_encryption_stripped() {
    row(Here::Fails(Trouble::Stripped), OUT, Control::Works, Verdict::EncryptionStripped);
}

#[test]
fn row_intercepted() {
    row(Here::Fails(Trouble::Untrusted), OUT, Control::Works, Verdict::Intercepted);
    let only_here = Here::Works { ipv6: Ipv6::Untested, genuine: false };
    row(only_here, OUT, Control::Works, Verdict::Intercepted);
}

#[test]
fn row_the_clock() {
    let here = Here::Fails(Trouble::Dates);
    let same = There::Works { ipv6: Ipv6::Untested, same_certificate: true };
    let at = |there, clock| Situation { clock, ..situation(here, there, Control::Works) }.verdict();
    assert_eq!(at(same, Clock::Wrong), Verdict::ClockWrong);
    assert_eq!(at(same, Clock::Unknown), Verdict::ClockWrong);
    assert_eq!(at(OUT, Clock::Right), Verdict::NotFromHere);
}

#[test]
fn row_ipv6() {
    let broken = Here::Works { ipv6: Ipv6::Broken, genuine: true };
    let there = |ipv6| There::Works { ipv6, same_certificate: false };
    row(broken, there(Ipv6::Broken), Control::Works, Verdict::Ipv6AtProvider);
    row(broken, there(Ipv6::Fine), Control::Works, Verdict::Ipv6AtYou);
    row(broken, there(Ipv6::Untested), Control::Works, Verdict::Works);
}

#[test]
fn row_the_server_refuses_this_address() {
    for code in [Code::ReplyRejected, Code::ReplyClosing, Code::ReplyBusy] {
        let trouble = Trouble::of(Stage::Greeting, code);
        row(Here::Fails(trouble), OUT, Control::Works, Verdict::AddressRefused);
    }
}

#[test]
fn row_overloaded() {
    let busy = There::Fails(Trouble::Busy, Weight::Weak);
    row(Here::Fails(Trouble::Busy), busy, Control::Works, Verdict::Overloaded);
    row(Here::Absent, busy, Control::Untested, Verdict::Undecided);
}

#[test]
fn row_captive_portal_or_hijack() {
    row(Here::Fails(Trouble::Alien), OUT, Control::Works, Verdict::Hijacked);
    let portal = situation(Here::Fails(Trouble::Unreachable), There::Absent, Control::Fails);
    assert_eq!(Situation { portal: Portal::Yes, ..portal }.verdict(), Verdict::Hijacked);
}

// --- from reports to a situation

const V4: &str = "198.18.0.1";
const V6: &str = "2001:db8::1";

/// A target that passes every stage before this one and fails there; all of them without one.
fn target(port: u16, mode: Mode, address: &str, fails: Option<(Stage, Code)>) -> Target {
    let address: IpAddr = address.parse().unwrap();
    let mut stages = Vec::new();
    for stage in mode.stages() {
        let failed = fails.filter(|(at, _)| at == stage);
        let status = if failed.is_some() { Status::Failed } else { Status::Ok };
        stages.push(Measurement::new(*stage, status, failed.map(|(_, code)| code)));
        if failed.is_some() {
            break;
        }
    }
    let family = Some(if address.is_ipv4() { Family::V4 } else { Family::V6 });
    let host = "smtp.test".to_owned();
    let mut target =
        Target { host, port, mode, address: Some(address), family, stages, failed_stage: None };
    target.failed_stage = target.first_failed();
    target
}

fn report(id: &str, kind: Kind, targets: Vec<Target>) -> Report {
    let vantage = Vantage {
        id: id.to_owned(),
        kind,
        network: id.to_owned(),
        egress: BTreeMap::from([(587, Egress::Ok)]),
        v6: true,
        clock_ahead: None,
        portal: None,
    };
    let schema = "smtp-probe/1".to_owned();
    let provider = "charter".to_owned();
    Report {
        schema,
        vantage,
        provider,
        finished: Moment(1000),
        age_ms: 0,
        ttl_ms: 30_000,
        targets,
        controls: vec![],
    }
}

fn ways(fails: Option<(Stage, Code)>) -> Vec<Target> {
    vec![target(587, Mode::Starttls, V4, fails)]
}

const TIMEOUT: (Stage, Code) = (Stage::Tcp, Code::TcpTimeout);
const SILENT: (Stage, Code) = (Stage::Greeting, Code::ReplyTimeout);
const GARBAGE: (Stage, Code) = (Stage::Tls, Code::TlsNotTls);

#[track_caller]
fn here(targets: Vec<Target>, expected: Here) {
    assert_eq!(situation_of(&[report("local", Kind::Local, targets)]).here, expected);
}

#[test]
fn the_mode_that_works_speaks_for_the_port() {
    let way = |port, mode, fails| target(port, mode, V4, fails);
    here(vec![way(587, Mode::Starttls, Some(SILENT)), way(587, Mode::Tls, None)], HERE);
    here(vec![way(587, Mode::Starttls, None), way(587, Mode::Tls, Some(GARBAGE))], HERE);
    here(
        vec![
            way(587, Mode::Starttls, Some(SILENT)),
            way(465, Mode::Tls, None),
            way(25, Mode::Starttls, None),
        ],
        Here::OtherPort,
    );
    here(
        vec![way(587, Mode::Starttls, Some(TIMEOUT)), way(25, Mode::Starttls, None)],
        Here::Fails(Trouble::Unreachable),
    );
    here(vec![way(465, Mode::Tls, None)], HERE);
    // the way that came furthest tells what is wrong
    let untrusted = (Stage::Cert, Code::CertUnknownIssuer);
    here(
        vec![way(587, Mode::Starttls, Some(SILENT)), way(587, Mode::Tls, Some(untrusted))],
        Here::Fails(Trouble::Untrusted),
    );
    here(vec![], Here::Untested);
}

#[test]
fn the_finding_names_the_very_stage() {
    for stage in Mode::Starttls.stages().iter().filter(|it| **it != Stage::Quit) {
        let found =
            verdict(&[report("local", Kind::Local, ways(Some((*stage, Code::ReplyReset))))]);
        assert_eq!(found.stage, Some(*stage));
    }
}

#[test]
fn a_mode_that_was_not_tried_keeps_the_address_open() {
    let mut open = target(587, Mode::Tls, V4, None);
    open.stages.truncate(2);
    here(vec![target(587, Mode::Starttls, V4, Some(SILENT)), open], Here::Untested);
}

#[test]
fn families_are_told_apart() {
    let at = |address, fails| target(587, Mode::Starttls, address, fails);
    let ipv6 = |ipv6| Here::Works { ipv6, genuine: true };
    here(vec![at(V4, None), at(V6, None)], ipv6(Ipv6::Fine));
    here(vec![at(V4, None), at(V6, Some(TIMEOUT))], ipv6(Ipv6::Broken));
    here(vec![at(V4, Some(TIMEOUT)), at(V6, None)], Here::Patchy);
    here(vec![at(V4, None), at("198.18.0.2", Some(TIMEOUT))], Here::Patchy);
    let mut no_ipv6 = at(V6, Some((Stage::Tcp, Code::TcpNoRoute)));
    no_ipv6.stages[1].status = Status::CouldNotTest;
    here(vec![at(V4, None), no_ipv6], ipv6(Ipv6::Untested));
}

#[test]
fn a_broken_family_is_told_even_by_one_vantage() {
    let at = |address, fails| target(587, Mode::Starttls, address, fails);
    let local = report("local", Kind::Local, vec![at(V4, None), at(V6, Some(TIMEOUT))]);
    let found = verdict(&[local]);
    let vantage = || "local".to_owned();
    assert_eq!(found.verdict, Verdict::WorksHere);
    assert!(found.reasons.contains(&Reason::Ipv6Broken { vantage: vantage() }), "{found:?}");
    assert!(found.reasons.contains(&Reason::Works { vantage: vantage() }));
}

#[test]
fn a_root_of_this_system_alone_is_not_genuine() {
    let mut way = target(587, Mode::Starttls, V4, None);
    way.stages[6].code = Some(Code::CertOnlyHere);
    here(vec![way], Here::Works { ipv6: Ipv6::Untested, genuine: false });
}

#[test]
fn the_same_certificate_is_known_by_its_print() {
    let certificate =
        |print: &str| Certificate { sha256: print.to_owned(), ..Certificate::default() };
    let with = |fails, print| {
        let mut way = target(587, Mode::Starttls, V4, fails);
        way.stages[6].detail.chain = vec![certificate(print)];
        vec![way]
    };
    let expired = Some((Stage::Cert, Code::CertExpired));
    let both = |theirs| {
        [
            report("local", Kind::Local, with(expired, "aa")),
            report("a", Kind::Public, with(None, theirs)),
        ]
    };
    assert_eq!(verdict(&both("aa")).verdict, Verdict::ClockWrong);
    assert_eq!(verdict(&both("bb")).verdict, Verdict::NotFromHere);
    let mut wrong = both("bb");
    wrong[0].vantage.clock_ahead = Some(-400 * 86_400);
    assert_eq!(verdict(&wrong).verdict, Verdict::ClockWrong);
}

/// What a public vantage may have seen, for trying out every company of up to four.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Saw {
    Works,
    FailsTwice,
    FailsOnce,
    FailsElsewhere,
    FailsWithoutCanary,
    Nothing,
}

const SAW: [Saw; 6] = [
    Saw::Works,
    Saw::FailsTwice,
    Saw::FailsOnce,
    Saw::FailsElsewhere,
    Saw::FailsWithoutCanary,
    Saw::Nothing,
];

fn looks(number: usize, saw: Saw, network: usize) -> Vec<Report> {
    let fails = match saw {
        Saw::Works => None,
        Saw::FailsElsewhere => Some(SILENT),
        _ => Some(TIMEOUT),
    };
    let targets = if saw == Saw::Nothing { vec![] } else { ways(fails) };
    let mut newest = report(&format!("probe{number}"), Kind::Public, targets);
    newest.vantage.network = format!("network{network}");
    if saw == Saw::FailsWithoutCanary {
        newest.vantage.egress.insert(587, Egress::Blocked);
    }
    let seconds = if saw == Saw::FailsOnce { 9 } else { 10 };
    let earlier = Report { finished: Moment(newest.finished.0 - seconds), ..newest.clone() };
    vec![newest, earlier]
}

/// Every company of this many vantages, in every spread over networks.
fn companies(count: u32) -> impl Iterator<Item = Vec<(Saw, usize)>> {
    let choices = SAW.len() * 4;
    (0..choices.pow(count)).map(move |mut code| {
        let mut company = Vec::new();
        for _ in 0..count {
            company.push((SAW[code % SAW.len()], code / SAW.len() % 4));
            code /= choices;
        }
        company
    })
}

fn in_networks(company: &[(Saw, usize)], wanted: Saw) -> usize {
    let of = company.iter().filter(|(saw, _)| *saw == wanted).map(|(_, network)| network);
    of.collect::<std::collections::BTreeSet<_>>().len()
}

#[test]
fn every_company_of_vantages_keeps_the_laws() {
    for company in (0..=3).flat_map(companies).chain(companies(4).step_by(7)) {
        let reports: Vec<Report> = company
            .iter()
            .enumerate()
            .flat_map(|(number, (saw, network))| looks(number, *saw, *network))
            .collect();
        let found = verdict(&reports).verdict;
        let count = |wanted| company.iter().filter(|(saw, _)| *saw == wanted).count();
        let networks =
            in_networks(&company, Saw::FailsTwice).max(in_networks(&company, Saw::FailsElsewhere));
        assert!(!found.blames_provider() || networks >= 2, "{found:?} from {company:?}");
        let dissent = count(Saw::Works)
            + count(Saw::FailsElsewhere).min(count(Saw::FailsTwice) + count(Saw::FailsOnce));
        assert!(
            found != Verdict::Outage || (networks >= 3 && dissent <= 1),
            "{found:?} from {company:?}"
        );
        assert!(
            found != Verdict::ProbableOutage || count(Saw::Works) == 0,
            "{found:?} from {company:?}"
        );
        let silent = count(Saw::Nothing) + count(Saw::FailsWithoutCanary) == company.len();
        assert_eq!(found == Verdict::CouldNotTest, silent, "{found:?} from {company:?}");
    }
}

#[test]
fn three_networks_make_an_outage_even_with_one_dissent() {
    let of = |company: &[(Saw, usize)]| {
        let reports =
            company.iter().enumerate().flat_map(|(at, (saw, network))| looks(at, *saw, *network));
        verdict(&reports.collect::<Vec<_>>()).verdict
    };
    let fails = |network| (Saw::FailsTwice, network);
    assert_eq!(of(&[fails(0), fails(1), fails(2)]), Verdict::Outage);
    assert_eq!(of(&[fails(0), fails(1), fails(2), (Saw::Works, 3)]), Verdict::Outage);
    assert_eq!(of(&[fails(0), fails(1)]), Verdict::ProbableOutage);
    let elsewhere = |network| (Saw::FailsElsewhere, network);
    let dissenting = [fails(0), fails(1), fails(2), elsewhere(3), elsewhere(4)];
    assert_eq!(of(&dissenting[..4]), Verdict::Outage);
    assert_eq!(of(&dissenting), Verdict::ProbableOutage, "two saw otherwise");
    assert_eq!(of(&[fails(0), fails(0), fails(0)]), Verdict::Undecided, "one network");
    assert_eq!(of(&[fails(0), fails(1), (Saw::Works, 2)]), Verdict::Partial);
    assert_eq!(of(&[fails(0), (Saw::FailsOnce, 1)]), Verdict::Undecided);
    let works = |network| (Saw::Works, network);
    assert_eq!(of(&[works(0), works(1), works(2), fails(3)]), Verdict::ServerUp);
    assert_eq!(of(&[works(0), works(1), works(2), fails(3), fails(0)]), Verdict::Partial);
}

#[test]
fn vantages_that_hide_their_network_count_as_one() {
    let mut reports: Vec<Report> = (0..4).flat_map(|it| looks(it, Saw::FailsTwice, it)).collect();
    for it in &mut reports {
        it.vantage.network.clear();
    }
    assert_eq!(verdict(&reports).verdict, Verdict::Undecided);
}

#[test]
fn the_order_of_reports_does_not_matter() {
    let mut reports = vec![report("local", Kind::Local, ways(Some(TIMEOUT)))];
    reports.extend((0..3).flat_map(|it| looks(it, Saw::FailsTwice, it)));
    let first = verdict(&reports);
    for _ in 0..reports.len() {
        reports.rotate_left(1);
        assert_eq!(verdict(&reports), first);
    }
    assert_eq!((first.verdict, first.stage), (Verdict::Outage, Some(Stage::Tcp)));
}

#[test]
fn the_finding_shows_what_it_rests_on() {
    let mut local = report("local", Kind::Local, ways(Some(TIMEOUT)));
    local.vantage.egress.insert(587, Egress::Blocked);
    let mut blocked = report("fra", Kind::Public, ways(Some(SILENT)));
    blocked.vantage.egress.clear();
    let found = verdict(&[local, blocked, report("ams", Kind::Public, ways(None))]);
    assert_eq!(found.verdict, Verdict::PortBlocked);
    let no_canary = Reason::NoCanary { vantage: "fra".to_owned(), egress: Egress::Unknown };
    assert!(found.reasons.contains(&no_canary), "{:?}", found.reasons);
    assert!(found.reasons.contains(&Reason::Control { port: 587, egress: Egress::Blocked }));
    let sights: Vec<_> =
        found.seen[0].sights.iter().map(|it| (it.vantage.as_str(), it.works)).collect();
    assert_eq!(sights, [("local", Some(false)), ("ams", Some(true)), ("fra", Some(false))]);
    assert_eq!(found.working(), [("smtp.test", 587, Mode::Starttls)]);
    assert_eq!(evidence(&found), [("network-check", "port-blocked")]);
}

#[test]
fn an_outage_of_the_certificate_is_evidence_of_its_own() {
    let expired = || ways(Some((Stage::Cert, Code::CertExpired)));
    let mut reports = vec![];
    for id in ["a", "b"] {
        let newest = report(id, Kind::Public, expired());
        reports.push(Report { finished: Moment(0), ..newest.clone() });
        reports.push(newest);
    }
    let found = verdict(&reports);
    assert_eq!(found.verdict, Verdict::ProbableOutage);
    assert_eq!(evidence(&found), [("network-check", "server-certificate")]);
    assert!(evidence(&verdict(&[])).is_empty());
}

#[test]
fn a_port_is_blocked_only_if_two_other_providers_say_so() {
    let control = |host: &str, fails| {
        let way = target(587, Mode::Starttls, V4, fails);
        Target { host: host.to_owned(), ..way }
    };
    let on = |controls: &[Target]| outbox_doctor::network::egress::egress(controls)[&587];
    assert_eq!(on(&[control("a", Some(TIMEOUT))]), Egress::Unknown);
    assert_eq!(on(&[control("a", Some(TIMEOUT)), control("a", Some(TIMEOUT))]), Egress::Unknown);
    assert_eq!(on(&[control("a", Some(TIMEOUT)), control("b", Some(TIMEOUT))]), Egress::Blocked);
    assert_eq!(on(&[control("a", Some(TIMEOUT)), control("b", None)]), Egress::Ok);
    let dns = Some((Stage::Dns, Code::DnsTimeout));
    assert_eq!(on(&[control("a", dns), control("b", dns)]), Egress::Unknown);
}

// --- reports from outside

#[test]
fn a_report_survives_writing_and_reading() {
    let mut before =
        report("local", Kind::Local, vec![target(587, Mode::Starttls, V6, Some(TIMEOUT))]);
    before.targets.push(target(465, Mode::Tls, V4, None));
    let text = serde_json::to_string(&before).unwrap();
    assert!(
        text.contains(r#""code":"tcp.timeout""#)
            && text.contains(r#""finished":"1970-01-01T00:16:40Z""#),
        "{text}"
    );
    assert!(text.contains(r#""stage":"ehlo_tls""#) && text.contains(r#""family":6"#), "{text}");
    assert_eq!(Report::parse(&text).unwrap(), before);
    assert_eq!(Report::parse(&before.to_json()).unwrap(), before);
}

/// What is read and written by hand agrees with what serde derives from the types.
#[test]
fn our_json_is_serdes() {
    let text = std::fs::read_to_string("tests/fixtures/report.json").unwrap();
    let derived: Report = serde_json::from_str(&text).unwrap();
    assert_eq!(Report::parse(&text).unwrap(), derived);
    let ours: serde_json::Value = serde_json::from_str(&derived.to_json()).unwrap();
    assert_eq!(ours, serde_json::to_value(&derived).unwrap());
    let target = derived.targets[0].clone();
    let measurement = target.stages[6].clone();
    let finished = derived.finished;
    for event in [
        Event::Target { number: 1000, control: true, target },
        Event::Stage { number: 3, measurement },
        Event::Done { finished },
    ] {
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(Event::parse(&text), Some(event), "{text}");
    }
    for text in ["", "{}", "{\"event\":\"dance\"}", "{\"event\":\"stage\",\"number\":-1}"] {
        assert_eq!(Event::parse(text), None, "{text}");
    }
}

#[test]
fn json_is_read_as_the_standard_has_it() {
    let texts = r#"null|true|[]|{}|[1,-2,0]|"a\u00e9\ud83d\ude00\n\/\""|{"a":{"b":[null]}}| 7 |1.5|1e3|-0|99999999999999999999
        |tru|[1,]|{"a"}|{"a":1,}|01|-|1.|1e|"\ud83d"|"\x"|"|[1 2]|nul|'a'|{a:1}|"\u12"|1 1"#;
    for text in texts.split('|').map(str::trim) {
        let ours = json::Json::parse(text);
        let theirs = serde_json::from_str::<serde_json::Value>(text);
        assert_eq!(ours.is_some(), theirs.is_ok(), "{text}: {ours:?}, {theirs:?}");
    }
    let mut written = String::new();
    json::Json::Text("a\"\\\u{1}\n\u{e9}".into()).write(&mut written);
    assert_eq!(serde_json::from_str::<String>(&written).unwrap(), "a\"\\\u{1}\n\u{e9}");
}

#[test]
fn what_this_version_does_not_know_was_not_tested() {
    let text = serde_json::to_string(&report("a", Kind::Public, ways(Some(TIMEOUT)))).unwrap();
    let newer = text.replace("tcp.timeout", "tcp.teapot");
    let read = Report::parse(&newer).unwrap();
    let tcp = &read.targets[0].stages[1];
    assert_eq!((tcp.status, tcp.code), (Status::CouldNotTest, Some(Code::Unknown)));
    assert_eq!(read.targets[0].failed_stage, None, "derived anew");
    assert_eq!(situation_of(&[read]).there, There::Untested);
    let status = Report::parse(&text.replace("\"failed\"", "\"exploded\"")).unwrap();
    assert_eq!(status.targets[0].stages[1].status, Status::CouldNotTest);
}

#[track_caller]
fn refused(text: &str, words: &str) {
    let error = Report::parse(text).unwrap_err().to_string();
    assert!(error.contains(words), "no `{words}` in {error}");
}

#[test]
fn what_is_no_report_is_refused_with_the_reason() {
    let good = report("a", Kind::Public, ways(None));
    let text = |report: &Report| serde_json::to_string(report).unwrap();
    refused("", "not a probe report: not JSON");
    refused("<html>", "not a probe report");
    refused(&format!("{{\"new\":{}", "[".repeat(100_000)), "not a probe report: not JSON");
    refused(&" ".repeat(MAX_BYTES + 1), "at most 1048576 bytes");
    refused(
        &text(&good).replace("smtp-probe/1", "smtp-probe/2"),
        "unknown report schema `smtp-probe/2`",
    );
    refused(
        &text(&good).replace("1970-01-01T00:16:40Z", "yesterday"),
        "`finished` is missing or not",
    );
    refused(&text(&good).replace("\"public\"", "\"god\""), "`kind` is missing or not");
    let many =
        Report { targets: vec![target(587, Mode::Tls, V4, None); MAX_TARGETS + 1], ..good.clone() };
    refused(&text(&many), "too many targets in a report: 65");
    let mut long = good;
    long.targets[0].stages = vec![Measurement::new(Stage::Tcp, Status::Ok, None); MAX_STAGES + 1];
    refused(&text(&long), "too many stages in a report: 17");
}

#[test]
fn words_from_outside_are_cut_and_escaped() {
    let mut bad = report("a\u{202e}b", Kind::Public, ways(None));
    let text = "x".repeat(5000) + "\n\u{1b}[31m";
    bad.targets[0].stages[2].smtp =
        Some(outbox_doctor::network::Reply { code: 220, enhanced: "\r\n".to_owned(), text });
    let read = Report::parse(&serde_json::to_string(&bad).unwrap()).unwrap();
    let reply = read.targets[0].stages[2].smtp.clone().unwrap();
    assert_eq!((reply.text.chars().count(), reply.enhanced.as_str()), (200, "\\r\\n"));
    assert_eq!(read.vantage.id, "a\\u{202e}b");
    let again = Report::parse(&serde_json::to_string(&read).unwrap()).unwrap();
    assert_eq!(again, read, "cleaning twice changes nothing");
    assert_eq!(plain("", 10), "");
}

#[test]
fn dates_are_read_as_they_are_written() {
    for seconds in [0, -1, 951_782_400, 1_795_545_600, 253_402_300_799, -62_135_596_800] {
        assert_eq!(Moment::parse(&Moment(seconds).to_string()), Some(Moment(seconds)));
    }
    for wrong in [
        "2026-02-30T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:00:00+01:00",
        "2026-01-01t00:00:00z",
        "0000-01-01T00:00:00Z",
        "２026-01-01T00:00:0",
    ] {
        assert_eq!(Moment::parse(wrong), None, "{wrong}");
    }
    assert_eq!(Moment(951_782_400).to_string(), "2000-02-29T00:00:00Z");
    assert_eq!(Moment(i64::MAX).to_string(), "9999-12-31T23:59:59Z");
}

#[test]
fn no_special_address_passes_for_a_public_one() {
    for address in [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:8.8.8.8",
        "::ffff:127.0.0.1",
        "::8.8.8.8",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:2::1",
        "2001:1ff::1",
        "2001:db8::1",
        "2002:808:808::1",
        "2620:4f:8000::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "4000::1",
    ] {
        assert!(special(address.parse().unwrap()).is_some(), "{address}");
    }
    for address in [
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.0.1",
        "172.32.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "1.0.0.0",
        "2001:200::1",
        "2600::1",
        "2a00:1450::1",
        "2003::1",
    ] {
        assert_eq!(special(address.parse().unwrap()), None, "{address}");
    }
}

// --- a report in the making

#[test]
fn a_partial_report_exists_at_any_time() {
    let vantage = report("local", Kind::Local, vec![]).vantage;
    let mut progress = Progress::default();
    let whole = target(587, Mode::Starttls, V4, None);
    let bare = Target { stages: vec![], ..whole.clone() };
    let outcomes = |progress: &Progress| {
        let report = progress.report(vantage.clone(), "charter");
        report
            .targets
            .iter()
            .flat_map(|it| it.stages.iter().map(|it| it.status))
            .collect::<Vec<_>>()
    };
    assert!(outcomes(&progress).is_empty());
    progress.apply(Event::Target { number: 3, control: false, target: bare });
    for (at, measurement) in whole.stages.iter().cloned().enumerate() {
        assert!(!progress.is_over(3));
        assert_eq!(
            outcomes(&progress),
            [vec![Status::Ok; at], vec![Status::CouldNotTest; 10 - at]].concat()
        );
        progress.apply(Event::Stage { number: 3, measurement });
    }
    progress.apply(Event::Stage { number: 9, measurement: whole.stages[0].clone() });
    assert_eq!((progress.is_done(), progress.count()), (false, (1, 1)));
    progress.apply(Event::Done { finished: Moment(7) });
    assert!(progress.is_done());
    let report = progress.report(vantage.clone(), "charter");
    assert_eq!((report.targets, report.finished), (vec![whole], Moment(7)));
}

#[test]
fn stages_after_a_failure_are_skipped() {
    let vantage = report("local", Kind::Local, vec![]).vantage;
    let mut progress = Progress::default();
    let failed = target(587, Mode::Starttls, V4, Some(TIMEOUT));
    progress.apply(Event::Target { number: 0, control: false, target: failed });
    let report = progress.report(vantage, "charter");
    assert_eq!(report.targets[0].failed_stage, Some(Stage::Tcp));
    assert!(report.targets[0].stages[2..].iter().all(|it| it.status == Status::Skipped));
}
