package exposure

import "chipproof/exposure/detect"

// weight of a class in a record. The sums that make a severity are chosen so
// that a citizen number alone is high, one with name and address critical, a
// phone alone low.
var weight = map[Class]int{
	detect.CitizenID: 40, detect.LaserCode: 45, detect.Card: 40, detect.Secret: 60,
	detect.Passport: 30, detect.Health: 30, detect.BankAccount: 25,
	detect.Address: 15, detect.BirthDate: 12, detect.Name: 10, detect.Phone: 10,
	detect.Email: 8, detect.Vehicle: 8, detect.Geo: 8,
}

// severityOf a record that holds these classes.
func severityOf(classes map[Class]bool) Severity {
	sum := 0
	for c := range classes {
		sum += weight[c]
	}
	switch {
	case sum >= 60:
		return Critical
	case sum >= 38:
		return High
	case sum >= 20:
		return Medium
	}
	return Low
}

// Rank orders findings: by severity, and by who can reach them. Higher is worse.
func (f Finding) Rank() int {
	severity := map[Severity]int{Critical: 4, High: 3, Medium: 2, Low: 1}[f.Severity]
	return severity * severity * f.Reachability.rank()
}
