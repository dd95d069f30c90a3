// Package cardreader gives a program card readers: which there are, what comes
// and goes, and a session with one card that always ends in time.
//
// It is for whoever reads a card or shows the state of readers. A [Driver]
// reaches the hardware (cardreader/pcsc) or stands in for it (simulator);
// [Readers] adds what is the same for every driver: deadlines on calls that
// can't be cancelled, exclusive use within the process, retries while another
// program holds the reader, one answer for every odd way in which a card is
// torn out, and events that survive a service that stops and starts.
//
//	readers := cardreader.New(driver, cardreader.Options{})
//	session, err := readers.Open(ctx, name)
//	if err != nil {
//		return err
//	}
//	defer session.Close()
//	ch := apdu.NewChannel(session, apdu.Form{}, apdu.DefaultLimits)
//	// … SELECT and read through ch …
//	return session.Unchanged(ctx)
//
// It says of every reader and session whether the card is software
// ([State].Simulated), so that nothing read there can pass for real; and it says
// whether a card that was read is still in its reader ([Readers.Stay]).
//
// It knows no applet and no field, does not follow 61xx (package apdu does),
// and never waits for a person, a network or a disk while it holds a card: a
// session left alone for [Options.Idle] lets go of it.
package cardreader
