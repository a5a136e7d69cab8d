package io.sampo.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sampo.tests.process.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Text that fits on a screen, and links that lead somewhere. */
class TextTest {
  /** In characters. */
  private static final int LONGEST_LINE = 120;

  /** A URL or a path behind an indentation or a list's sign: no blank at which to break it. */
  private static final Pattern UNBREAKABLE = Pattern.compile("\\s*(- )?\\S+");

  private static final Pattern CODE =
      Pattern.compile("(?ms)^ *```.*?^ *```$|^ {4,}[^-\\s].*?$|`[^`\n]+`");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]*)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  @Test
  void noLineOfAReadmeIsTooLong() throws IOException {
    List<Path> readmes = readmes();
    assertFalse(readmes.isEmpty());
    assertEquals(
        List.of(),
        tooLong(readmes, line -> !UNBREAKABLE.matcher(line).matches()),
        "break the line (a command: with a backslash), or make a list of the table");
  }

  @Test
  void noLineOfASourceIsTooLong() throws IOException {
    List<Path> sources = files(path -> path.toString().endsWith(".java"));
    assertFalse(sources.isEmpty());
    assertEquals(
        List.of(),
        tooLong(sources, line -> true),
        "cut the string in two, or break the text block's line with a backslash");
  }

  @Test
  void localLinksOfReadmesLeadSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path readme : readmes()) {
      String prose = CODE.matcher(Files.readString(readme)).replaceAll("");
      LINK.matcher(prose)
          .results()
          .map(result -> result.group(1))
          .filter(target -> !target.contains("://"))
          .filter(target -> !leadsSomewhere(readme, target))
          .forEach(target -> broken.add(name(readme) + ": " + target));
    }
    assertEquals(List.of(), broken);
  }

  /** A file, a folder, or a heading ({@code file#heading}, {@code #heading}) that exists. */
  private static boolean leadsSomewhere(Path readme, String target) {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? readme : readme.resolveSibling(parts[0]).normalize();
    return Files.exists(file) && (parts.length == 1 || hasHeading(file, parts[1]));
  }

  private static boolean hasHeading(Path file, String anchor) {
    return HEADING
        .matcher(text(file))
        .results()
        .map(result -> result.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} -]", "").replace(' ', '-'))
        .anyMatch(anchor::equals);
  }

  private static List<String> tooLong(List<Path> files, Predicate<String> counts) {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      List<String> lines = text(file).lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        int length = line.codePointCount(0, line.length());
        if (length > LONGEST_LINE && counts.test(line)) {
          found.add(name(file) + ":" + (i + 1) + " has " + length + " characters");
        }
      }
    }
    return found;
  }

  private static List<Path> readmes() throws IOException {
    return files(path -> path.endsWith("README.md"));
  }

  /** Files of the checkout, without what a build or a run leaves in it. */
  private static List<Path> files(Predicate<Path> wanted) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        Checkout.root(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean foreign =
                name.startsWith(".") || name.equals("target") || name.endsWith(".etcd");
            return foreign && !folder.equals(Checkout.root())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (wanted.test(file)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found.stream().sorted().toList();
  }

  private static String name(Path file) {
    return Checkout.root().relativize(file).toString();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
