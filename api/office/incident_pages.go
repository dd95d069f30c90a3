package office

import (
	"slices"

	"chipproof/api"
	web "chipproof/api/console"
	"chipproof/breach"
	"chipproof/breach/letters"
)

// month is a month of the calendar with its text.
type month struct{ Number, Key string }

// formPage is what the templates of forms are filled with.
type formPage struct {
	Forms     []form
	Steps     []step
	Months    []month
	Certainty []option
	Documents []letters.Kind
}

// step is one of the five steps with its forms; 0 is what stands beside them.
type step struct {
	Number int
	Key    string
	Forms  []form
}

func stepsOf(forms []form) []step {
	var steps []step
	for _, n := range []int{1, 2, 3, 4, 5, 0} {
		s := step{Number: n, Key: stepKeys[n]}
		for _, f := range forms {
			if f.Step == n {
				s.Forms = append(s.Forms, f)
			}
		}
		steps = append(steps, s)
	}
	return steps
}

var stepKeys = [...]string{"step.0", "step.1", "step.2", "step.3", "step.4", "step.5"}

// group is the register as a part of the office.
func (i *Incidents) group() group {
	all := incidentForms()
	// A report is made on a page of its own, and once.
	intake := slices.DeleteFunc(slices.Clone(all), func(f form) bool { return f.Kind != string(breach.KindReported) })
	others := slices.DeleteFunc(slices.Clone(all), func(f form) bool { return f.Kind == string(breach.KindReported) })
	officers := api.Officers()
	return group{
		routes: func(s *api.Server) { RegisterIncidents(s, i) },
		pages: []web.Page{
			{Path: "/incidents", Title: "incidents.title", Template: "incidents", Script: "incidents.js", Menu: web.Front, Roles: officers},
			{
				Path: "/incidents/new", Title: "intake.title", Template: "incident_new", Script: "incident-new.js", Menu: web.Front,
				Data: formPage{Forms: intake, Months: months()},
			},
			{
				Path: "/incidents/{id}", Title: "incident.title", Template: "incident", Script: "incident.js",
				Data: formPage{Forms: others, Steps: stepsOf(others), Months: months(), Documents: letters.Kinds()},
			},
		},
		shared:   []string{"incident_forms.html"},
		messages: slices.Concat(incidentMessages(), formMessages(all), incidentWords()),
		styles:   []string{"incident.css"},
		scripts:  []string{"incident-due.js"},
	}
}
