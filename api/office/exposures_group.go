package office

import (
	"net/http"

	"chipproof/api"
	web "chipproof/api/console"
	"chipproof/exposure/detect"
)

// Entries of the audit log that the routes leave, by the names of package audit.
const (
	entryScan     = "scan_started"
	entryScanEnd  = "scan_ended"
	entryImported = "finding_imported"
	entryTask     = "task_opened"
	entryClaim    = "task_claimed"
	entryAssets   = "assets_changed"
	entryReport   = "report_made"
	// entryRefused is what another role's try at a route that acts on nothing leaves.
	entryRefused = "refused"
)

func (e *Exposures) group() group {
	return group{
		routes: func(s *api.Server) { RegisterExposures(s, e) },
		pages:  e.pages(), messages: messages(), styles: []string{"office.css"},
	}
}

// pages are shells: words and structure, and of the office's set-up the head of its
// letters.
func (e *Exposures) pages() []web.Page {
	officers := api.Officers()
	return []web.Page{
		{Path: "/", Title: "home.title", Template: "home", Script: "home.js", Menu: web.Front},
		{Path: "/scans", Title: "scans.menu", Template: "scans", Script: "scans.js", Menu: web.Front, Roles: officers},
		{Path: "/scans/{id}", Title: "scan.title", Template: "scan", Script: "scan.js", Data: e.Letterhead},
		{
			Path: "/findings", Title: "findings.title", Template: "findings", Script: "findings.js", Menu: web.Front, Roles: officers,
			Data: struct {
				Severities, States, Classes any
			}{severities(), findingStates(), classes()},
		},
		{Path: "/findings/{id}", Title: "finding.title", Template: "finding", Script: "finding.js"},
		{Path: "/tasks", Title: "tasks.title", Template: "tasks", Script: "tasks.js", Menu: web.Front},
		{Path: "/assets", Title: "assets.menu", Template: "assets", Script: "assets.js", Menu: web.Front, Roles: officers, Data: detect.Classes()},
	}
}

// RegisterExposures puts the routes of scans, findings, tasks and systems into a
// server, before it serves.
func RegisterExposures(s *api.Server, e *Exposures) {
	registerScans(s, e)
	registerReports(s, e)
	registerFindings(s, e)
	registerTasks(s, e)
	registerAssets(s, e)
}

// officers is a route of the data protection officer's.
func officers(method, path, id, summary, description string, entries ...string) api.Route {
	return api.Route{
		Method: method, Path: path, Class: api.Console, Roles: api.Officers(), ID: id, Audit: entries, Summary: summary, Description: description,
	}
}

func registerScans(s *api.Server, e *Exposures) {
	api.Handle(s, officers(http.MethodGet, "/v1/scans", "list-scans", "All scans, newest first", ""), e.listScans)
	api.Handle(s, officers(http.MethodPost, "/v1/scans/plan", "check-scan", "What a scan would ask for",
		"Nothing is fetched and nothing kept: it says which hosts and folders the same body would reach at POST /v1/scans, or what is wrong with it.",
		entryRefused), e.checkPlan)
	api.Handle(s, officers(http.MethodPost, "/v1/scans", "start-scan", "Start a scan",
		"One runs at a time; others wait their turn. A scan that a restart cut off goes on by itself.", entryScan), e.startScan)
	api.Handle(s, officers(http.MethodGet, "/v1/scans/{id}", "show-scan", "A scan and what it came to, so far or in all", ""), e.showScan)
	api.Handle(s, officers(http.MethodPost, "/v1/scans/{id}/cancel", "cancel-scan", "End a scan for good", "What it met until then counts.", entryScanEnd), e.cancelScan)
	api.Handle(s, officers(http.MethodPost, "/v1/scans/{id}/again", "repeat-scan", "Make a scan once more as it was",
		"The same targets and scope, judged anew: an expired scope file is refused.", entryScan), e.repeatScan)
	api.HandleStream(s, officers(http.MethodGet, "/v1/scans/{id}/events", "follow-scan", "How far a scan is, until it has ended",
		"For `EventSource` of our own pages."), scanEvents(), e.followScan)
}

func registerReports(s *api.Server, e *Exposures) {
	api.Handle(s, officers(http.MethodGet, "/v1/scans/{id}/report", "show-report", "A report of a scan",
		"What becomes of each finding is told against the baseline. A letter comes as a draft with dots.", entryReport), e.showReport)
	api.Handle(s, officers(http.MethodGet, "/v1/scans/{id}/compare", "compare-scans", "How many findings are new, still there, fixed, or not checked again", ""), e.compareScans)
	api.Handle(s, officers(http.MethodPost, "/v1/scans/{id}/letter", "write-letter", "The official letter about a scan, ready to sign",
		"Who signs is not kept.", entryReport), e.writeLetter)
}

func registerFindings(s *api.Server, e *Exposures) {
	api.Handle(s, officers(http.MethodGet, "/v1/findings", "list-findings", "Findings over all scans, the worst first, with everything personal masked", ""), e.listFindings)
	api.Handle(s, officers(http.MethodGet, "/v1/findings/{id}", "show-finding", "A finding, and the task about it", ""), e.showFinding)
	take := officers(http.MethodPost, "/v1/findings/import", "import-findings", "Take in the results of other tools, and of our own elsewhere",
		"SARIF 2.1.0, or the JSON of a report (`doctor --leaks --json` too), as the body itself. What is personal is masked before it is kept.", entryImported)
	take.Body = api.MaxUpload
	api.Handle(s, take, e.takeIn)
	api.Handle(s, officers(http.MethodGet, "/v1/trend", "show-trend", "How many findings were open, day by day", ""), e.showTrend)
}

func registerTasks(s *api.Server, e *Exposures) {
	api.Handle(s, officers(http.MethodPost, "/v1/findings/{id}/task", "open-task", "Give a finding an owner and a time",
		"The task is about all that is open at its place. It ends when a later scan finds that nowhere any more, and not otherwise.", entryTask), e.openTask)
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/tasks", Class: api.Console, ID: "list-tasks",
		Summary: "Tasks: all for the data protection officer, one's own for everybody else",
	}, e.listTasks)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/tasks/{id}/claim", Class: api.Console, ID: "claim-task", Audit: []string{entryClaim},
		Summary: "Say that the data is gone", Description: "For the task's owner and the data protection officer. It proves nothing: a later scan does.",
	}, e.claimTask)
	api.Handle(s, officers(http.MethodGet, "/v1/owners", "list-owners", "The accounts that a task can be given to", ""), e.listOwners)
}

func registerAssets(s *api.Server, e *Exposures) {
	api.Handle(s, officers(http.MethodGet, "/v1/assets", "list-assets", "The register of systems", ""), e.listAssets)
	api.Handle(s, officers(http.MethodPut, "/v1/assets", "set-assets", "Keep the register of systems, the whole of it", "", entryAssets), e.setAssets)
	api.Handle(s, officers(http.MethodGet, "/v1/coverage", "show-coverage", "What scans have covered of the register; what was never scanned first", ""), e.showCoverage)
}
