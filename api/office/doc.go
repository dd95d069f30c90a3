// Package office is what the office answers: scans and what they found, the tasks
// by which somebody ends it, the register of systems and how much of it was looked
// at, and the incidents with their duties and documents; as routes under /v1 and as
// the pages that ask them.
//
// It is for the command that serves. [Mount] puts the routes into an [api.Server],
// [Pages] are its part of the console, [Problems] is the table of everything that
// can go wrong:
//
//	o := office.Office{Exposures: exposures, Incidents: incidents}
//	srv, err := api.NewServer(api.Options{Problems: office.Problems(), Gates: office.Gates(logins), …})
//	office.Mount(srv, o)
//	pages, err := console.New(console.Options{Parts: []console.Part{console.Common(), office.Pages(o)}})
//
// It decides nothing: what was found is package exposure's, how a scan runs
// exposure/job's, what is owed breach's, and each act is durable with its entry in
// the audit log before it is answered. Nothing personal passes through it but what
// a person types into a letter, which is not kept. The data protection officer works
// here; whoever owns a task sees that one; nobody else is told of findings.
package office
