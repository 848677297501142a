using System.Globalization;
using System.Text;

namespace Rollbook.Simulator.Generation;

/// <summary>
/// Invented people's names, written for this project: short and long, with apostrophes, hyphens and accents, and in other scripts.
/// An entry may give its ASCII spelling after an equals sign; otherwise it is the name without accents.
/// </summary>
internal static class Names
{
    private static readonly (string Display, string Ascii)[] GivenNames = Parse(
        """
        Amara Benito Chidi Dalia Emre Farah Goran Hana Ilse Jovan Kamala Lucía Mateo Nadia Omar Priya Quinn Rosa Samir Talia
        Umar Vera Wanda Ximena Yara Zoë Aiden Brooke Caleb Delphine Elio Freya Gideon Harriet Imani Jasper Keiko Leilani Malik Noor
        Ottilie Pascal Rahul Saoirse Tadeo Uma Viktor Willa Xavier Yusuf Zainab Anaïs Björn Chloë Dmitri Esmé François Gwendolyn Håkon Inés
        Jürgen Kwame Łucja Mónica Niamh Óscar Przemysław Renée Søren Thérèse Ulises Václav Wisdom Yiğit Žofia Abebe Bao Cheyenne Divya Eszter
        Fatoumata Giulia Hyun-woo Isadora Jean-Baptiste Kapono Linh Mary-Kate Nayeli Oluwaseun Penelope Qi Rajesh Siobhán Tenzin Ula Vivek Winona Xiomara Yohannes
        Ava Ben Cora Dean Ella Finn Grace Hugo Iris Jack Kira Leo Mila Noah Olive Paul Ruby Seth Tess Will D'Andre La'Tasha
        Юлия=Yuliya Дмитро=Dmytro Ελένη=Eleni 美玲=Meiling 健太=Kenta 민서=Minseo مريم=Maryam יונתן=Yonatan आरव=Aarav გიორგი=Giorgi
        Alexandria-Maximiliana Oluwadamilolaoluwa Bartholomew Evangelina Muhammadjon Kealohilani Wilhelmina Jo Bo Ty
        """
    );

    private static readonly (string Display, string Ascii)[] FamilyNames = Parse(
        """
        Diaz Okafor Nguyen Haddad Kowalski Larsson Fernández Abebe Begay Castellanos Dlamini Eriksen Fonoti Gutiérrez Hossain Ibrahim Jansen Kapoor Lindqvist Mbeki
        Nakamura O'Brien O'Sullivan D'Angelo Peña Quispe Rasmussen Sørensen Tsosie Uddin Vásquez Wójcik Xiong Yazzie Zamora Adeyemi Blackhorse Chaudhry Dubois Etxeberria
        Fitzgerald García-Lorca Hernández-Ruiz Ivanov Jørgensen Kaʻahumanu Lê McAllister N'Diaye Ödegaard Papadopoulos Quigley Rodríguez Smith-Jones Türkmen Umarov Vándor Whitehorse Yılmaz Žukauskas
        Achterberg Bianchi Cohen Dvořák Eze Farouk Goldstein Hashimoto Iyer Juarez Khalil Lopez Marchetti Novak Olsen Petrov Qureshi Rossi Singh Tran
        Underwood Velasco Wu Yang Zhou Appiah Boateng Carvalho Dahl Engström Friedman Ghosh Hoang Iglesias Joshi Kim Lam Mensah Nkosi Ortega
        Patel Ramos Silva Takahashi Uchida Vargas Walker Xu Yoder Ziegler Bello Cruz Desai Elms Ford Greene Hill Irving Judd Knox
        Lee Moss Nash Orr Pike Quill Reed Stone Thorne Upton Vale West York Zane Ash Birch Cole Dunn Ellis Frost
        Тимошенко=Tymoshenko Παππάς=Pappas 王=Wang 佐藤=Sato 박=Park الهاشمي=Alhashimi כהן=Kohen शर्मा=Sharma
        Venkatanarasimharajuvaripeta Featherstonehaugh-Cholmondeley Wolfeschlegelstein Ng Ó=O De=De
        """
    );

    public static int GivenCount => GivenNames.Length;

    public static int FamilyCount => FamilyNames.Length;

    public static string Given(int index) => GivenNames[index].Display;

    public static string Family(int index) => FamilyNames[index].Display;

    /// <summary>The given name as a login name can hold it: lower-case ASCII letters.</summary>
    public static string GivenLogin(int index) => GivenNames[index].Ascii;

    /// <summary>The family name as a login name can hold it: lower-case ASCII letters.</summary>
    public static string FamilyLogin(int index) => FamilyNames[index].Ascii;

    private static (string Display, string Ascii)[] Parse(string list) =>
        [
            .. list.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(entry =>
                {
                    var parts = entry.Split('=');
                    return (parts[0], LettersOf(parts[^1]));
                }),
        ];

    private static string LettersOf(string name)
    {
        var letters = new StringBuilder(name.Length);
        foreach (var character in name.Normalize(NormalizationForm.FormD))
        {
            var plain = char.ToLowerInvariant(character) switch
            {
                'ø' => 'o',
                'ł' => 'l',
                'ı' => 'i',
                var other => other,
            };
            if (char.GetUnicodeCategory(plain) != UnicodeCategory.NonSpacingMark && char.IsAsciiLetterLower(plain))
            {
                letters.Append(plain);
            }
        }

        return letters.ToString();
    }
}
