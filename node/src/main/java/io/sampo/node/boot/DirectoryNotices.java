package io.sampo.node.boot;

import static io.sampo.node.boot.flag.GoSyntax.quote;

import io.sampo.node.boot.flag.Notice;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.event.Level;

/**
 * What etcd warns of in a data directory before it uses it: files that are not its own, and rights
 * of others. Only looks; what cannot be looked at is found out by whoever opens the directory.
 */
final class DirectoryNotices {
  /** What a takeover sets aside; further ones get a number behind it. */
  private static final String SET_ASIDE = "before-sampo";

  private static final int PERMISSIONS = 0777;
  private static final int PRIVATE = 0700;
  private static final int STICKY = 01000;
  private static final int SET_GROUP = 02000;
  private static final int SET_USER = 04000;

  private DirectoryNotices() {}

  /** The warnings, in etcd's order. */
  static List<Notice> of(Path dataDirectory) {
    List<Notice> notices = new ArrayList<>();
    foreignFiles(dataDirectory, notices);
    Path member = dataDirectory.resolve("member");
    for (Path directory : List.of(dataDirectory, member, member.resolve("snap"))) {
      permissions(directory, notices);
    }
    return notices;
  }

  private static void foreignFiles(Path directory, List<Notice> notices) {
    Set<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    } catch (IOException e) {
      return;
    }
    names.removeIf(name -> name.equals("member") || name.startsWith(SET_ASIDE));
    for (String name : names) {
      notices.add(
          Notice.of(
              Level.WARN,
              "found invalid file under data directory",
              "filename",
              name,
              "data-dir",
              directory.toString()));
    }
  }

  private static void permissions(Path directory, List<Notice> notices) {
    int mode;
    try {
      mode = (Integer) Files.getAttribute(directory, "unix:mode");
    } catch (IOException | UnsupportedOperationException e) {
      return;
    }
    if ((mode & PERMISSIONS) == PRIVATE) {
      return;
    }
    notices.add(
        Notice.of(
            Level.WARN,
            "check file permission",
            "error",
            ("directory %s exist, but the permission is %s. The recommended permission is"
                    + " \"-rwx------\" to prevent possible unprivileged access to the data")
                .formatted(quote(directory.toString()), quote(modeText(mode)))));
  }

  /** As Go prints a directory's mode. */
  static String modeText(int mode) {
    StringBuilder text = new StringBuilder("d");
    if ((mode & SET_USER) != 0) {
      text.append('u');
    }
    if ((mode & SET_GROUP) != 0) {
      text.append('g');
    }
    if ((mode & STICKY) != 0) {
      text.append('t');
    }
    String rights = "rwxrwxrwx";
    for (int i = 0; i < rights.length(); i++) {
      boolean given = (mode & (1 << (rights.length() - 1 - i))) != 0;
      text.append(given ? rights.charAt(i) : '-');
    }
    return text.toString();
  }
}
