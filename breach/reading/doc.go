// Package reading lets the scanner read what an officer writes: it is the
// [chipproof/breach.Reader] over package exposure, for chipproof-office. A public
// notice is read before it is released (B23), and an event before it is kept.
//
//	reader := reading.New(scanner)
//	keeper := breach.Keeper{Settings: breach.Shipped(), Reader: reader}
//
// It reads texts and nothing else, keeps nothing of them, and decides nothing:
// which classes are refused is for package breach.
package reading
