package letters

import "chipproof/breach"

// The closed lists that a history has, in English.

var labelEnglish = map[breach.Label]string{
	breach.Confidentiality: "confidentiality breach",
	breach.Integrity:       "integrity breach",
	breach.Availability:    "availability breach",
}

var meansEnglish = map[breach.Means]string{
	breach.MeansPeople:     "by people",
	breach.MeansProcess:    "by process",
	breach.MeansTechnology: "by technology",
}

var sourceEnglish = map[breach.Source]string{
	breach.FromStaff:     "staff",
	breach.FromPublic:    "the public",
	breach.FromProcessor: "a processor",
	breach.FromScanner:   "a scan for exposed data",
	breach.FromCERT:      "a CERT",
	breach.FromSystem:    "the agency's own systems",
	breach.FromOther:     "another source",
}

var areaEnglish = map[breach.Area]string{
	breach.Organisational: "Organisational measures",
	breach.Technical:      "Technical measures",
	breach.Physical:       "Physical measures",
}

var riskEnglish = map[breach.Risk]string{
	breach.RiskNone: "no risk",
	breach.RiskSome: "risk",
	breach.RiskHigh: "high risk",
}

var verdictEnglish = map[breach.Verdict]string{
	breach.Credible:     "there is reasonable ground",
	breach.NotCredible:  "there is no reasonable ground",
	breach.Confirmed:    "there was a breach",
	breach.NotConfirmed: "there was no breach",
}

var resultEnglish = map[breach.Result]string{
	breach.ResultEnded: "the breach has ended",
	breach.ResultEased: "eased, with no further effect",
}

var reachEnglish = map[breach.Reach]string{
	breach.ReachOpen:    "anyone can read it without a login",
	breach.ReachLogin:   "a login is needed",
	breach.ReachOther:   "the notice's text isn't there",
	breach.ReachNothing: "the page can't be opened",
}

var excusalEnglish = map[breach.Excusal]string{
	breach.Excused:    "excused the delay",
	breach.NotExcused: "did not excuse the delay",
	breach.OtherWord:  "answered",
}

var linkEnglish = map[breach.LinkKind]string{
	breach.LinkFinding:  "finding of a scan",
	breach.LinkTakedown: "takedown",
	breach.LinkAudit:    "entry of the audit log",
	breach.LinkIncident: "another incident",
}
