import DoctorCLI
