// Package post sends e-mail for the register of incidents: letters to data
// subjects, as the sender of a mail merge, and warnings to the officer. For
// chipproof-office.
//
//	server, err := post.New(post.Options{Host: "mail.example.go.th", Port: 587, Security: post.StartTLS, From: "no-reply@example.go.th", Now: time.Now})
//	done, err := maker.Merge(ctx, c, draft, job, server)
//	err = server.Write(ctx, post.Mail{To: officer, Subject: "…", Text: "…"})
//
// A connection is encrypted and the server's certificate verified, always; in
// clear it speaks to this machine's own loopback alone. It keeps no queue and no
// copy of anything: who hands a letter over learns whether the server took it, and
// hands it over again if not. What an error says is ours, never the server's
// words, which may name the person that a letter was for.
package post
