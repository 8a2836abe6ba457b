// DoctorCLI
