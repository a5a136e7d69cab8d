package io.sampo.tests.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux knows about a process (proc(5)). */
public record ProcessFigures(long pid) {

  /** Linux counts processor time in hundredths of a second for user space (USER_HZ). */
  private static final double TICKS_PER_SECOND = 100;

  private static final int UTIME = 11;
  private static final int STIME = 12;

  /** User and system time since its start, of all its threads, in seconds. */
  public double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS_PER_SECOND;
  }

  /** Resident memory in megabytes (10^6 bytes). */
  public double residentMegabytes() throws IOException {
    return megabytes("VmRSS:");
  }

  /** The most resident memory since its start or the last {@link #forgetPeak}, in megabytes. */
  public double peakMegabytes() throws IOException {
    return megabytes("VmHWM:");
  }

  /** From now on the peak counts anew; the process must be the caller's or the caller root. */
  public void forgetPeak() throws IOException {
    Files.writeString(Path.of("/proc", Long.toString(pid), "clear_refs"), "5");
  }

  private double megabytes(String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
      }
    }
    throw new IOException("no " + field + " of process " + pid);
  }
}
