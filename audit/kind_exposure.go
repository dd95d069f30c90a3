package audit

// The kinds of the exposure scan. Their entries name scans, findings and tasks by
// id, and count; no value, no target, no name.
const (
	KindScanStarted     Kind = "scan_started"     // attributes targets, kinds
	KindScanEnded       Kind = "scan_ended"       // attributes state, reason, findings, people, new, still, fixed, not_checked
	KindFindingImported Kind = "finding_imported" // attributes tool, new, known, fixed
	KindTaskOpened      Kind = "task_opened"      // attributes finding, owner, due, findings, places
	KindTaskClaimed     Kind = "task_claimed"     // attributes finding
	KindTakedownProven  Kind = "takedown_proven"  // attributes scan, finding
	KindTaskAgain       Kind = "task_again"       // what was proven is back; attributes scan, finding
	KindAssetsChanged   Kind = "assets_changed"   // attributes assets, added, removed, changed
	KindReportMade      Kind = "report_made"      // attributes format
)
