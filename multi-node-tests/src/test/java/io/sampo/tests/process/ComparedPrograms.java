package io.sampo.tests.process;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** The servers that a benchmark measures in turns, as the words of its command line name them. */
public final class ComparedPrograms {

  /** The part of a tool's usage that is about them. */
  public static final String USAGE =
      """
        --etcd FILE         the etcd to compare with (default: the one in the PATH)
        --sampo FILE        another launcher than this checkout's
        --before FILE       in place of etcd: another launcher, as of the commit before
        --only NAME         measure only sampo or only the other
      """;

  private ServerProgram sampo = ServerProgram.sampo();
  private ServerProgram other;
  private String only = "";

  /**
   * Reads the words of a command line.
   *
   * @param rest takes the name and the value of every other option
   * @throws IllegalArgumentException that names the word, or says what is missing
   */
  public void parse(String[] words, BiConsumer<String, String> rest) {
    for (int i = 0; i < words.length; i += 2) {
      if (i + 1 == words.length) {
        throw new IllegalArgumentException("no value for " + words[i]);
      }
      set(words[i], words[i + 1], rest);
    }
    if (!only.equals("sampo") && other == null) {
      other =
          ServerProgram.etcdOfPath()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "no etcd in the PATH: use --etcd FILE or --only sampo"));
    }
  }

  private void set(String name, String value, BiConsumer<String, String> rest) {
    switch (name) {
      case "--etcd" -> other = new ServerProgram("etcd", List.of(value));
      case "--sampo" -> sampo = new ServerProgram("sampo", List.of(value));
      case "--before" -> other = new ServerProgram("before", List.of(value));
      case "--only" -> only = value;
      default -> rest.accept(name, value);
    }
  }

  /** Those to be measured, Sampo last. */
  public List<ServerProgram> list() {
    List<ServerProgram> programs = new ArrayList<>();
    if (!only.equals("sampo")) {
      programs.add(other);
    }
    if (only.isEmpty() || only.equals("sampo")) {
      programs.add(sampo);
    }
    return programs;
  }

  /** What Sampo is compared with: {@code etcd} or {@code before}. */
  public String other() {
    return other == null ? "etcd" : other.name();
  }
}
