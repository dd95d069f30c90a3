// Package posttest is a mail server on this machine's loopback, in place of an
// agency's: it keeps what it is given and misbehaves on demand. For tests alone.
//
//	server, err := posttest.Start(posttest.Options{})
//	defer server.Close()
//	… server.Mails()
package posttest
