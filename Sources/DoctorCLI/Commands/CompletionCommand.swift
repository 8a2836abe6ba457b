import Diagnosis

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `completion SHELL`: a script by which a shell asks this program what can be typed next.
enum CompletionCommand {
  enum Shell: String, CaseIterable {
    case bash, zsh, fish
  }

  /// A shell's script, or with `words -- WORD...` what can stand for the last of the words.
  static func text(_ operands: [String]) throws(UsageError) -> String {
    let name = operands.first ?? ""
    if name == "words" {
      return Completions(Array(operands.dropFirst())).lines.map { $0 + "\n" }.joined()
    }
    guard let shell = Shell(rawValue: name) else {
      throw UsageError(unknown: "shell", name, among: Shell.allCases.map(\.rawValue))
    }
    guard operands.count == 1 else {
      throw UsageError("completion takes no \(UsageError.shown(operands[1]))")
    }
    let script =
      switch shell {
      case .bash: bash
      case .zsh: zsh
      case .fish: fish
      }
    return script.replacing("@BINARY@", with: shellQuoted(binary))
  }

  /// This program, for a line that begins with a name which leads nowhere.
  private static var binary: String {
    guard let path = realpath("/proc/self/exe", nil) else { return Version.name }
    defer { free(path) }
    return String(cString: path)
  }

  private static let bash = #"""
    # bash completion of dd-doctor: source <(dd-doctor completion bash)
    _dd_doctor() {
      local binary=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} line word before i
      local -a words=()
      COMPREPLY=()
      # Readline cuts words at = and :, and replaces only what stands behind the last cut.
      for ((i = 1; i <= COMP_CWORD; i++)); do
        if ((i > 1)) && [[ ${COMP_WORDS[i]} =~ ^[=:]+$ || ${COMP_WORDS[i - 1]} =~ ^[=:]+$ ]]; then
          words[${#words[@]} - 1]+=${COMP_WORDS[i]}
        else
          words+=("${COMP_WORDS[i]}")
        fi
      done
      [[ $current =~ ^[=:]+$ ]] && current=
      before=${words[${#words[@]} - 1]%"$current"}
      type "$binary" >/dev/null 2>&1 || binary=@BINARY@
      while IFS= read -r line; do
        case $line in
          :files)
            compopt -o filenames 2>/dev/null
            before=${current%"${current##*=}"}
            while IFS= read -r word; do
              COMPREPLY+=("$before$word")
            done < <(compgen -f -- "${current#"$before"}")
            ;;
          :command)
            for ((i = 2; i < COMP_CWORD; i++)); do
              [[ ${COMP_WORDS[i - 1]} == -- ]] && break
            done
            if declare -F _command_offset >/dev/null; then
              _command_offset "$i"
            else
              while IFS= read -r word; do
                COMPREPLY+=("$word")
              done < <(((i == COMP_CWORD)) && compgen -c -- "$current" || compgen -f -- "$current")
            fi
            ;;
          *)
            word=${line%%$'\t'*}
            [[ $word == *= ]] && compopt -o nospace 2>/dev/null
            COMPREPLY+=("${word#"$before"}")
            ;;
        esac
      done < <("$binary" completion words -- "${words[@]}" 2>/dev/null)
    }
    complete -F _dd_doctor dd-doctor

    """#

  private static let zsh = #"""
    #compdef dd-doctor
    # zsh completion of dd-doctor: source <(dd-doctor completion zsh) behind compinit, or as the
    # file _dd-doctor in a folder of $fpath.
    _dd-doctor() {
      local binary=${(Q)words[1]} line word text
      local -a plain open
      binary=${~binary}
      whence -- "$binary" >/dev/null || binary=@BINARY@
      while IFS= read -r line; do
        case $line in
          :files)
            compset -P '*='
            _files
            ;;
          :command)
            while (( CURRENT > 2 )) && [[ $words[1] != -- ]]; do
              shift words
              (( CURRENT-- ))
            done
            [[ $words[1] == -- ]] && { shift words; (( CURRENT-- )) }
            _normal
            ;;
          *)
            word=${line%%$'\t'*}
            text=${line#"$word"}
            text=${text#$'\t'}
            word=${word//:/\\:}${text:+:$text}
            [[ ${line%%$'\t'*} == *= ]] && open+=("$word") || plain+=("$word")
            ;;
        esac
      done < <("$binary" completion words -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
      (( $#plain )) && _describe -t values dd-doctor plain
      (( $#open )) && _describe -t values dd-doctor open -S ''
      return 0
    }
    if [[ $funcstack[1] == _dd-doctor ]]; then
      _dd-doctor "$@"
    else
      compdef _dd-doctor dd-doctor
    fi

    """#

  private static let fish = #"""
    # fish completion of dd-doctor: dd-doctor completion fish | source, or as the file
    # ~/.config/fish/completions/dd-doctor.fish
    function __dd_doctor_complete
        set -l words (commandline -opc)
        set -l current (commandline -ct)
        set -l binary $words[1]
        type -q -- $binary; or set binary @BINARY@
        for line in ($binary completion words -- $words[2..-1] "$current" 2>/dev/null)
            switch $line
                case ':files'
                    set -l before (string match -r '^.*=' -- "$current")
                    for path in (__fish_complete_path (string replace -- "$before" '' "$current"))
                        echo "$before$path"
                    end
                case ':command'
                    __fish_complete_subcommand --fcs-skip=2
                case '*'
                    echo $line
            end
        end
    end
    complete -c dd-doctor -f -a '(__dd_doctor_complete)'

    """#
}
