"""HTCondor and Slurm of any site, for the job controller of REANA 0.9.4."""
